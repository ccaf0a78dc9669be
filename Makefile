# Every target is one call: make itself cannot handle a path with a space in it.
# Without make: python3 qscounty/bootstrap.py run

PYTHON ?= python3

.PHONY: run test bench lint

run:    ## everything on this machine: database, broker, web, worker, beat
	@"$(PYTHON)" qscounty/bootstrap.py run $(ARGS)

test:   ## the whole suite against real PostgreSQL and Valkey
	@"$(PYTHON)" qscounty/bootstrap.py test $(ARGS)

bench:  ## the measured goals
	@"$(PYTHON)" qscounty/bootstrap.py bench $(ARGS)

lint:   ## style, types, templates, missing migrations
	@"$(PYTHON)" qscounty/bootstrap.py lint $(ARGS)
