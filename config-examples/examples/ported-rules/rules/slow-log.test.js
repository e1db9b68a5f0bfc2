const exchange = (seconds) => ({
    url: '/slow?x', node: '10.0.0.11:80', time: '2026-11-27T12:00:00Z', response: {},
    connectionData: {began: String(Date.parse('2026-11-27T12:00:00Z') / 1000 - seconds)},
});

test('slow', () => expect(run(exchange(7)).log).is(['node 10.0.0.11:80 took 7 s for /slow?x']));
test('fast', () => expect(run(exchange(5)).log).is([]));
