/* language.h - the languages that reports speak. */
#ifndef MODEL_LANGUAGE_H
#define MODEL_LANGUAGE_H

enum language { LANGUAGE_ENGLISH, LANGUAGE_JAPANESE, LANGUAGES };

#endif
