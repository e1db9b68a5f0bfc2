for (const [url, pool] of [['/a/b.jsp?c=d', 'java'], ['/b.asp', 'windows'], ['/', 'linux'], ['/jsp', 'linux']]) {
    test(url + ' goes to ' + pool, () => expect(run({url}).pool).is(pool));
}
