/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text/version.h - which version this is. In one place for all programs.
 */
#ifndef SPBE_TEXT_VERSION_H
#define SPBE_TEXT_VERSION_H

#define SPBE_VERSION "0.1.0"

#endif
