test('the client is added to those before', () => {
    const {headers} = run({
        client: '192.0.2.7:5000', local: '192.0.2.1:443', virtualServer: 'shop_S', headers: {'X-Forwarded-For': '10.0.0.1'},
    }).request;
    expect(headers['X-Forwarded-For']).is('10.0.0.1, 192.0.2.7');
    expect(headers['X-Forwarded-Port']).is('443');
    expect(headers['X-Forwarded-Proto']).is('https');
});
test('without TLS it is http', () => expect(run().request.headers['X-Forwarded-Proto']).is('http'));
