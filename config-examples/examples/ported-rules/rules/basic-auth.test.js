const calls = {'POST http://10.0.0.5:8080/check': {status: 200}};
const headers = {Authorization: 'Basic YWxpY2U6b3BlbjpzZXNhbWU='};

test('who is known comes in with the name', () => {
    const result = run({headers, calls});
    expect(result.decision).is('continue');
    expect(result.request.headers['X-Remote-User']).is('alice');
    expect(result.request.headers.Authorization).isMissing();
});
test('who is not known is asked again', () =>
    expect(run({headers, calls: {'POST http://10.0.0.5:8080/check': {status: 403}}}).answer.status).is(401));
test('a dead server lets nobody in', () => expect(run({headers}).answer.status).is(401));
test('without credentials nobody is asked', () => {
    const result = run({calls});
    expect(result.answer.headers['WWW-Authenticate']).is('Basic realm="members"');
    expect(result.calls).is([]);
});
