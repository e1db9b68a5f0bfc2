// Sessions of PHP stay on their nodes; a stolen session id is worth nothing with another address or browser.
if (string.endsWith(http.getPath(), '.php')) {
    connection.setPersistence('by-key');
    connection.setPersistenceKey(
        http.getCookie('PHPSESSID') + request.getRemoteIP() + http.getHeader('User-Agent'));
}
