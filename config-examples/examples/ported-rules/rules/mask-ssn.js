// Numbers of the form ddd-dd-dddd do not leave the house.
if (string.startsWith(http.getPath(), '/cgi-bin/')) {
    const body = http.getResponseBody();
    const masked = string.regexsub(body, '\\b\\d{3}-\\d{2}-\\d{4}\\b', 'xxx-xx-xxxx', 'g');
    if (masked !== body) {
        http.setResponseBody(masked);
    }
}
