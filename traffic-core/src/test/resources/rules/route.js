pool.use("spare");
