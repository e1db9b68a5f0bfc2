const order = (lines, marks) => run({
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({lines, marks}),
    pools: {default: ['10.0.0.11:80'], large: ['10.0.0.12:80']},
});

test('a small order stays', () => {
    const result = order([{item: 'pen', price: 1.5, count: '3'}, {item: 'ink', price: '2.25', count: 1}]);
    expect(result.pool).is('default');
    expect(result.request.headers['X-Order']).is('{"sum":6,"items":"ink,pen"}');
});
test('a large one goes elsewhere', () => expect(order([{item: 'desk', price: 600, count: 2}]).pool).is('large'));
