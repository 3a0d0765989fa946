/* SPDX-License-Identifier: MIT */
/* shelter-field; everything is in field.c, so that tests can link it. */
#include "clients/field/field.h"

int
main(int argc, char **argv)
{
	return field_main(argc, argv);
}
