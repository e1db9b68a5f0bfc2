const headers = {Authorization: 'Basic YWxpY2U6b3BlbjpzZXNhbWU='};
const users = {alice: {password: 'open:sesame', mail: 'alice@example.com'}};

test('who is in the directory comes in', () => {
    const result = run({headers, users});
    expect(result.decision).is('continue');
    expect(result.request.headers['X-Remote-User']).is('alice');
});
test('who has another password does not', () =>
    expect(run({headers, users: {alice: {password: 'x'}}}).answer.status).is(401));
test('who was let in a moment ago is not looked up again', () => {
    const key = 'signed in 0bfd241b98e5fee65e23b0f304abac5e3aa6781a15d991470035afcde7bc2af4';
    expect(run({headers, data: {[key]: '9999999999'}}).decision).is('continue');
});
