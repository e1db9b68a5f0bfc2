// Developers try the next generation before anybody else sees it.
if (http.getHeader('X-Generation') === '33') {
  pool.use('next');
}
