// What can be known of a request, in the log.
log.info('method ' + http.getMethod());
log.info('raw URL ' + http.getRawURL());
log.info('path ' + http.getPath());
log.info('query ' + http.getQueryString());
log.info('version ' + http.getVersion());
log.info('session ' + http.getCookie('session'));
log.info('name ' + http.getFormParam('name'));
if (string.startsWith(http.getHeader('Content-Type'), 'multipart/')) {
    const part = http.getMultipartAttachment(0);
    log.info('part of type ' + $1 + ' with ' + string.length(part) + ' bytes');
}
