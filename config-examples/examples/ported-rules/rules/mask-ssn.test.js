const page = {status: 200, headers: {'Content-Type': 'text/html'}, body: 'a 123-45-6789 and 987-65-4321, not 1234-56-78901.'};

test('numbers are masked', () => expect(run({url: '/cgi-bin/a', response: page}).response.body)
    .is('a xxx-xx-xxxx and xxx-xx-xxxx, not 1234-56-78901.'));
test('other pages are left alone', () => expect(run({url: '/a', response: page}).response.body).is(page.body));
