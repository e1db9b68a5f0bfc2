test('links are rewritten', () => expect(run({response: {
    status: 200, headers: {'Content-Type': 'text/html'}, body: 'a\n<a href="http://old.example.com/b">b</a>\n',
}}).streamed.body).contains('<a href="/b">b</a>'));
