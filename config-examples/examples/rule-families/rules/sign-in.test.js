const headers = {Authorization: 'Basic YWxpY2U6b3BlbjpzZXNhbWU='};
const users = {alice: {password: 'open:sesame', mail: 'alice@example.com'}};

test('who is in the directory comes in', () => {
    const result = run({headers, users});
    expect(result.decision).is('continue');
    expect(result.request.headers['X-Remote-User']).is('alice');
});
test('who has another password does not', () =>
    expect(run({headers, users: {alice: {password: 'x'}}}).answer.status).is(401));
