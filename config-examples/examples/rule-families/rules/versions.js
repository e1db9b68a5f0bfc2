// Links to the old site are rewritten line by line while the page passes, whatever its length.
if (string.startsWith(http.getResponseHeader('Content-Type'), 'text/html')) {
    http.compress.enable();
    http.stream.startResponse(http.getResponseCode(), http.getResponseHeader('Content-Type'));
    let line;
    while ((line = http.stream.readResponse(10000, '\n')) !== '') {
        http.stream.writeResponse(string.replaceAll(line, 'http://old.example.com/', '/'));
    }
}
