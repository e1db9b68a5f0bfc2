// Who pays more is served by faster machines.
switch (http.getCookie('customer')) {
    case 'gold':
        pool.use('fast');
        break;
    case 'silver':
        pool.use('normal');
        break;
}
