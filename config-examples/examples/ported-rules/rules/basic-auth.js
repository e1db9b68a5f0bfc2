// Another server knows who may come in.
const ask = () => http.sendResponse(
    '401 Unauthorized', 'text/plain', 'Who are you?\n', 'WWW-Authenticate: Basic realm="members"');

if (!string.regexmatch(http.getHeader('Authorization'), '^Basic +([A-Za-z0-9+/=]+)$', 'i')
        || !string.regexmatch(string.base64decode($1), '^([^:]+):(.*)$')) {
    ask();
}
const user = $1;
http.request.post('http://10.0.0.5:8080/check', 'user=' + string.urlencode(user) + '&password=' + string.urlencode($2),
    'Content-Type: application/x-www-form-urlencoded', 5);
if ($1 !== '200') {
    ask();
}
http.removeHeader('Authorization');
http.setHeader('X-Remote-User', user);
