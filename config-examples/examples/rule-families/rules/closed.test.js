test('the page is there as long as its file is', () => {
    const closed = run({url: '/stock', resources: {'closed.html': 'Closed.'}});
    expect(closed.answer.status).is(503);
    expect(closed.answer.body).is('Closed.');
    expect(closed.answer.headers['X-Closed-By']).is('closed');
    expect(run({url: '/stock'}).decision).is('continue');
});
