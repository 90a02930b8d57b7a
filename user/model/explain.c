// SPDX-License-Identifier: GPL-2.0
#include "explain.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Made of explain.tbl. */
#include "explain_table.h"

const size_t vmw_nr_topics = sizeof(vmw_topics) / sizeof(vmw_topics[0]);

unsigned int vmw_series_of(const char *release)
{
	unsigned int major, minor;

	return sscanf(release, "%u.%u", &major, &minor) == 2 ?
		VMW_SERIES(major, minor) : VMW_SERIES_MAX;
}

bool vmw_symbol_is_of(const struct vmw_symbol *s, const struct vmw_kernel *k)
{
	return s->first <= k->series && k->series <= s->last &&
	       (!s->machine || !strcmp(s->machine, k->machine));
}

bool vmw_topic_has(const struct vmw_topic *t, const struct vmw_kernel *k)
{
	for (size_t i = 0; i < t->nr_symbols; i++)
		if (vmw_symbol_is_of(&t->symbols[i], k))
			return true;
	return !t->nr_symbols;
}

bool vmw_topic_is_of(const struct vmw_topic *t, const char *reader)
{
	char word[32];

	snprintf(word, sizeof(word), " %s ", reader);
	return strstr(t->readers, word);
}

bool vmw_topic_is_called(const struct vmw_topic *t, const char *name)
{
	const size_t len = strlen(name);

	for (const char *s = t->name; s; s = strstr(s, ", ")) {
		s += strspn(s, ", ");
		if (len == strcspn(s, ",") && !strncasecmp(s, name, len))
			return true;
	}
	return false;
}
