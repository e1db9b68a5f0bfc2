pool.use('web');
