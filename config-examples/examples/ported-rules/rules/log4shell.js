// Refuses what asks a logger for a look-up (CVE-2021-44228), wherever it hides and however it is nested.
const bad = (text) => {
    let plain = string.unescape(text).toLowerCase();
    for (let before = ''; before !== plain;) {
        before = plain;
        plain = string.regexsub(plain, '\\$\\{(?:lower|upper):([^${}]*)\\}', '$1', 'g');
        plain = string.regexsub(plain, '\\$\\{[^${}]*:-([^${}]*)\\}', '$1', 'g');
    }
    return string.regexmatch(plain, '\\$\\{\\s*jndi\\s*:');
};

let suspect = bad(http.getRawURL());
const headers = http.getHeaders();
for (const name of hash.keys(headers)) {
    suspect ||= bad(name + ': ' + headers[name]);
}
const method = http.getMethod();
if (!suspect && (method === 'POST' || method === 'PUT')) {
    suspect = bad(http.getBody(1024 * 1024));
}
if (suspect) {
    log.warn('a look-up for a logger from ' + request.getRemoteIP());
    connection.discard();
}
