test('a request with a query', () => {
    const {log} = run({url: '/a%20b?name=x%20y&z=1', headers: {Cookie: 'session=s1'}});
    expect(log).is(['method GET', 'raw URL /a%20b?name=x%20y&z=1', 'path /a b', 'query name=x y&z=1', 'version HTTP/1.1',
        'session s1', 'name x y']);
});
test('a form', () => expect(run({
    method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'name=alice',
}).log).contains('name alice'));
test('an upload', () => expect(run({
    method: 'POST', headers: {'Content-Type': 'multipart/form-data; boundary=xx'},
    body: '--xx\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: image/png\r\n\r\nabcde\r\n--xx--\r\n',
}).log).contains('part of type image/png with 5 bytes'));
