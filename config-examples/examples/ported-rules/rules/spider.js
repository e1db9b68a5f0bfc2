// One greedy client is slowed down, and nobody else: each address has a rate of its own.
rate.use('spiders', request.getRemoteIP());
