const exchange = (milliseconds, url) => run({
    state: 'completion', url, node: '10.0.0.11:80', milliseconds, nodeMilliseconds: milliseconds - 5,
    response: {status: 200, headers: {}, body: ''},
});

test('what took long is named with its node', () =>
    expect(exchange(1500, '/a').log).is(['/a took 1500 ms, 1495 of them at 10.0.0.11']));
