# What a step needs from Debian's packages; see etc/setup.sh.
setup-%:
	@etc/setup.sh $*
