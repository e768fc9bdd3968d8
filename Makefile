# make assets fetches what klar needs at run time.
.DEFAULT_GOAL := assets

include assets/assets.mk
