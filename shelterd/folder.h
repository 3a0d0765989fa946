/* SPDX-License-Identifier: MIT */
/*
 * Where the folders that come with the program lie.  A relative setting means
 * the working folder, as it says; when nothing is there, the same name beside
 * the program's own folder (a build tree), then its installed place.
 */
#ifndef SHELTERD_FOLDER_H
#define SHELTERD_FOLDER_H

/* Replaces *setting (malloc'd, as all settings are) by the folder found; left
 * as it is when it is absolute, is there, or is nowhere. */
void folder_find(char **setting);

#endif
