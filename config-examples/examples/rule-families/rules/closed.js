// While the file closed.html lies in resources, everybody gets it. Otherwise the cache keeps one answer for each language,
// and what it has is sent at once.
if (http.getPath() === '/stock' && resource.exists('closed.html')) {
    http.sendResponse('503 Service Unavailable', 'text/html', resource.get('closed.html'),
        'Retry-After: 86400\r\nX-Closed-By: ' + rule.getName());
}
http.cache.setkey(string.left(http.getHeader('Accept-Language'), 2));
http.cache.respondIfCached();
