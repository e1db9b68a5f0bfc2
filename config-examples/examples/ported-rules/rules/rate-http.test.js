test('a request waits for its turn', () => expect(run({rates: {shop: 60}}).decision).is('continue'));
test('without the class it is an error', () => {
    const result = run();
    expect(result.answer.status).is(500);
    expect(result.log).is(['the rate class shop is not there']);
});
