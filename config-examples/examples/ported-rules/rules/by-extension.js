// Each kind of page has machines that can make it.
const path = http.getPath();
if (string.endsWith(path, '.jsp')) {
    pool.use('java');
} else if (string.endsWith(path, '.asp')) {
    pool.use('windows');
} else {
    pool.use('linux');
}
