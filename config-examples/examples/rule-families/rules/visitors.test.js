const headers = {'User-Agent': 'ExampleBot/2.1'};
const client = '198.51.100.7:50123';

test('a robot from its own network is let in', () =>
    expect(run({client, headers, names: {'crawl-7.bots.example.com': ['198.51.100.7']}}).request.headers['X-Country']).is('unknown'));
test('one from elsewhere is not', () =>
    expect(run({client, headers, names: {'home-7.example.net': ['198.51.100.7']}}).answer.status).is(403));
