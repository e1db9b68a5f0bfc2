test('http is sent away with path and query', () => {
    const result = run({url: '/a?b=c', headers: {Host: 'www.example.com'}});
    expect(result.answer.status).is(301);
    expect(result.answer.headers.Location).is('https://www.example.com/a?b=c');
});
test('https stays', () => expect(run({secure: true}).decision).is('continue'));
