test('a page of PHP has a session', () => {
    const result = run({url: '/a.php', client: '192.0.2.7:5000', headers: {Cookie: 'PHPSESSID=x1', 'User-Agent': 'Lynx'}});
    expect(result.persistence).is({class: 'by-key', key: 'x1192.0.2.7Lynx'});
});
test('others have none', () => expect(run({url: '/a.png'}).persistence).isMissing());
