// Who signs in with name and password is looked up in the directory, once in five minutes.
const ask = () => http.sendResponse(
    '401 Unauthorized', 'text/plain', 'Who are you?\n', 'WWW-Authenticate: Basic realm="staff"');

const credentials = http.getHeader('Authorization');
if (!string.regexmatch(credentials, '^Basic +([A-Za-z0-9+/=]+)$', 'i')
        || !string.regexmatch(string.base64decode($1), '^([^:]+):(.*)$')) {
    ask();
}
const user = $1;
const password = $2;
// What is stored all rules can read, so it is no password.
const key = 'signed in ' + string.hexencode(string.hashSHA256(credentials));
const now = sys.time();
if (now - Number(data.get(key)) > 300) {
    const known = auth.query('staff', user, password);
    if (known.OK !== 1) {
        ask();
    }
    data.set(key, now);
}
http.removeHeader('Authorization');
http.setHeader('X-Remote-User', user);
