// SPDX-License-Identifier: GPL-2.0
/* LIBS: yaml-0.1 */
/*
 * include/vmwalk.yaml says what include/uapi/linux/vmwalk.h says: every enum,
 * struct and constant, all their members, in the same order with the same
 * values. Both are read as text and brought into one form, so that neither can
 * gain anything that the other lacks. Runs from the top of the tree.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yaml.h>

#include <linux/vmwalk.h>

#define HEADER "include/uapi/linux/vmwalk.h"
#define SPEC "include/vmwalk.yaml"

#define MAX_ITEMS 40
#define MAX_GROUPS 40

/* A member of an enum or a struct, or (alone in its group) a constant. */
struct item {
	char name[64];
	char type[16];	/* struct members */
	uint64_t value;	/* enums and constants; array length of a member */
};

struct group {
	char what[8];	/* "enum", "struct", "const" */
	char tag[64];
	struct item item[MAX_ITEMS];
	size_t nr;
};

struct interface {
	struct group group[MAX_GROUPS];
	size_t nr;
};

static struct group *new_group(struct interface *i, const char *what,
			       const char *tag)
{
	struct group *g = &i->group[i->nr];

	assert_true(i->nr < MAX_GROUPS);
	i->nr++;
	snprintf(g->what, sizeof(g->what), "%s", what);
	snprintf(g->tag, sizeof(g->tag), "%s", tag);
	return g;
}

static struct item *new_item(struct group *g, const char *name)
{
	struct item *item = &g->item[g->nr];

	assert_true(g->nr < MAX_ITEMS);
	g->nr++;
	snprintf(item->name, sizeof(item->name), "%s", name);
	return item;
}

/* The header. */

static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t room = 1 << 16, len;
	char *text = calloc(1, room);

	assert_non_null(text);
	if (!f)
		fail_msg("%s: cannot open; run from the top of the tree", path);
	len = fread(text, 1, room - 1, f);
	assert_true(len < room - 1);
	fclose(f);
	return text;
}

static void blank_comments(char *s)
{
	char *end;

	while ((s = strstr(s, "/*"))) {
		end = strstr(s, "*/");
		assert_non_null(end);
		memset(s, ' ', end + 2 - s);
	}
}

/* "1U << 4", "0x30U", "7" */
static uint64_t parse_value(const char *s)
{
	char *end;
	uint64_t v = strtoull(s, &end, 0);

	end += strspn(end, "U ");
	if (!strncmp(end, "<<", 2))
		v <<= strtoul(end + 2, NULL, 0);
	return v;
}

/* One "NAME" or "NAME = value" between the commas of an enum's body. */
static void parse_enumerator(struct group *g, const char *s, uint64_t *next)
{
	const char *equals = strchr(s, '=');
	char name[64];

	if (sscanf(s, " %63[A-Z0-9a-z_]", name) != 1)
		return;
	if (equals)
		*next = parse_value(equals + 1);
	new_item(g, name)->value = (*next)++;
}

/* One "type name" or "type name[len]" between the semicolons of a struct. */
static void parse_member(struct group *g, const char *s)
{
	char type[16], name[64];
	unsigned int len = 0;
	struct item *item;

	if (sscanf(s, " %15[a-z0-9_] %63[a-z0-9_] [%u]", type, name, &len) < 2)
		return;
	item = new_item(g, name);
	snprintf(item->type, sizeof(item->type), "%s", type);
	item->value = len;
}

static void parse_body(struct group *g, char *body)
{
	bool is_enum = !strcmp(g->what, "enum");
	const char *sep = is_enum ? "," : ";";
	uint64_t next = 0;
	char *save, *s;

	for (s = strtok_r(body, sep, &save); s; s = strtok_r(NULL, sep, &save))
		if (is_enum)
			parse_enumerator(g, s, &next);
		else
			parse_member(g, s);
}

static void parse_types(struct interface *i, char *text)
{
	char *line, *end, what[8], tag[64];

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%6[a-z] %63[a-z0-9_] {", what, tag) != 2 ||
		    (strcmp(what, "enum") && strcmp(what, "struct")))
			continue;
		line = strchr(line, '{') + 1;
		end = strchr(line, '}');
		assert_non_null(end);
		*end = '\0';
		parse_body(new_group(i, what, tag), line);
		line = end + 1;
	}
}

/* Numbers only: X_MAX, which follows from its enum, starts with a bracket. */
static void parse_constants(struct interface *i, const char *text)
{
	const char *line;
	char name[64], value[32];

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "#define %63[A-Z_]%*1[ \t]%31[0-9a-fxU]", name,
			   value) != 2)
			continue;
		new_item(new_group(i, "const", name), name)->value =
			parse_value(value);
	}
}

static struct interface *read_header(void)
{
	struct interface *i = calloc(1, sizeof(*i));
	char *text = read_text(HEADER);

	assert_non_null(i);
	blank_comments(text);
	parse_constants(i, text);
	parse_types(i, text);
	free(text);
	return i;
}

/* The spec. */

static yaml_node_t *get(yaml_document_t *doc, yaml_node_t *map, const char *key)
{
	yaml_node_pair_t *p;

	assert_int_equal(map->type, YAML_MAPPING_NODE);
	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *k = yaml_document_get_node(doc, p->key);

		if (!strcmp((char *)k->data.scalar.value, key))
			return yaml_document_get_node(doc, p->value);
	}
	return NULL;
}

static const char *text_of(yaml_document_t *doc, yaml_node_t *map,
			   const char *key)
{
	yaml_node_t *n = get(doc, map, key);

	if (!n)
		fail_msg("%s:%zu: no \"%s\"", SPEC, map->start_mark.line + 1,
			 key);
	assert_int_equal(n->type, YAML_SCALAR_NODE);
	return (const char *)n->data.scalar.value;
}

/* Counts through the nodes of the sequence @map[@key]. */
static yaml_node_t *each(yaml_document_t *doc, yaml_node_t *map,
			 const char *key, size_t n)
{
	yaml_node_t *seq = get(doc, map, key);

	if (!seq)
		fail_msg("%s: no list \"%s\"", SPEC, key);
	assert_int_equal(seq->type, YAML_SEQUENCE_NODE);
	if (seq->data.sequence.items.start + n >= seq->data.sequence.items.top)
		return NULL;
	return yaml_document_get_node(doc, seq->data.sequence.items.start[n]);
}

/* C's spelling of a name of the spec. */
static void c_name(char *buf, size_t size, const char *prefix, const char *name,
		   int (*convert)(int))
{
	size_t i;

	snprintf(buf, size, "%s%s", prefix, name);
	for (i = 0; buf[i]; i++)
		buf[i] = buf[i] == '-' ? '_' : convert((unsigned char)buf[i]);
}

static struct item *new_enumerator(struct group *g, yaml_document_t *doc,
				   yaml_node_t *owner, const char *name)
{
	char full[64];

	c_name(full, sizeof(full), text_of(doc, owner, "name-prefix"), name,
	       toupper);
	return new_item(g, full);
}

static struct group *new_enum(struct interface *i, yaml_document_t *doc,
			      yaml_node_t *owner)
{
	char tag[64];

	c_name(tag, sizeof(tag), "", text_of(doc, owner, "enum-name"), tolower);
	return new_group(i, "enum", tag);
}

/* __PREFIX_MAX, the count */
static void close_enum(struct group *g, yaml_document_t *doc,
		       yaml_node_t *owner)
{
	struct item *item = new_enumerator(g, doc, owner, "max");
	char full[64];

	snprintf(full, sizeof(full), "__%.61s", item->name);
	memcpy(item->name, full, sizeof(full));
	item->value = g->nr - 1;
}

/* A definition of type enum or flags. */
static void take_enum(struct interface *i, yaml_document_t *doc,
		      yaml_node_t *def)
{
	bool flags = !strcmp(text_of(doc, def, "type"), "flags");
	struct group *g = new_enum(i, doc, def);
	yaml_node_t *entry;
	struct item *item;
	char *name;
	size_t n;

	for (n = 0; (entry = each(doc, def, "entries", n)); n++) {
		if (entry->type == YAML_SCALAR_NODE) {
			name = (char *)entry->data.scalar.value;
			item = new_enumerator(g, doc, def, name);
			item->value = flags ? 1U << n : n;
			continue;
		}
		item = new_enumerator(g, doc, def, text_of(doc, entry, "name"));
		item->value = strtoull(text_of(doc, entry, "value"), NULL, 0);
	}
	if (get(doc, def, "render-max"))
		close_enum(g, doc, def);
}

static void take_struct(struct interface *i, yaml_document_t *doc,
			yaml_node_t *def)
{
	char tag[64];
	struct group *g;
	yaml_node_t *m;
	size_t n;

	c_name(tag, sizeof(tag), "", text_of(doc, def, "name"), tolower);
	g = new_group(i, "struct", tag);
	for (n = 0; (m = each(doc, def, "members", n)); n++) {
		const char *type = text_of(doc, m, "type");
		struct item *item = new_item(g, text_of(doc, m, "name"));
		bool text = !strcmp(type, "binary");

		snprintf(item->type, sizeof(item->type), text ? "char" :
			 "__%.13s", type);
		if (text)
			item->value = strtoull(text_of(doc, m, "len"), NULL, 0);
	}
}

static void take_const(struct interface *i, const char *spec_name,
		       const char *value)
{
	char name[64];

	c_name(name, sizeof(name), "", spec_name, toupper);
	new_item(new_group(i, "const", name), name)->value =
		strtoull(value, NULL, 0);
}

/* An attribute set, or the operations: UNSPEC, the members, __MAX. */
static void take_numbered(struct interface *i, yaml_document_t *doc,
			  yaml_node_t *owner, const char *list)
{
	struct group *g = new_enum(i, doc, owner);
	yaml_node_t *member;
	size_t n;

	new_enumerator(g, doc, owner, "unspec");
	for (n = 0; (member = each(doc, owner, list, n)); n++)
		new_enumerator(g, doc, owner, text_of(doc, member, "name"))
			->value = n + 1;
	close_enum(g, doc, owner);
}

static void load_spec(yaml_document_t *doc)
{
	yaml_parser_t parser;
	FILE *f = fopen(SPEC, "r");

	if (!f)
		fail_msg("%s: cannot open; run from the top of the tree", SPEC);
	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_file(&parser, f);
	if (!yaml_parser_load(&parser, doc))
		fail_msg("%s:%zu: %s", SPEC, parser.problem_mark.line + 1,
			 parser.problem);
	yaml_parser_delete(&parser);
	fclose(f);
}

static struct interface *read_spec(yaml_document_t *doc)
{
	struct interface *i = calloc(1, sizeof(*i));
	yaml_node_t *root = yaml_document_get_root_node(doc), *n;
	size_t k;

	assert_non_null(i);
	take_const(i, text_of(doc, root, "c-version-name"),
		   text_of(doc, root, "version"));
	for (k = 0; (n = each(doc, root, "definitions", k)); k++) {
		const char *type = text_of(doc, n, "type");

		if (!strcmp(type, "const"))
			take_const(i, text_of(doc, n, "name"),
				   text_of(doc, n, "value"));
		else if (!strcmp(type, "struct"))
			take_struct(i, doc, n);
		else
			take_enum(i, doc, n);
	}
	for (k = 0; (n = each(doc, root, "attribute-sets", k)); k++)
		if (get(doc, n, "enum-name"))
			take_numbered(i, doc, n, "attributes");
	take_numbered(i, doc, get(doc, root, "operations"), "list");
	return i;
}

/* The two against each other. */

static const struct group *find_group(const struct interface *i,
				      const struct group *like)
{
	size_t k;

	for (k = 0; k < i->nr; k++)
		if (!strcmp(i->group[k].what, like->what) &&
		    !strcmp(i->group[k].tag, like->tag))
			return &i->group[k];
	return NULL;
}

static size_t compare_group(const struct group *h, const struct group *s)
{
	size_t k, wrong = 0;

	for (k = 0; k < h->nr || k < s->nr; k++) {
		const struct item *a = &h->item[k], *b = &s->item[k];

		if (!strcmp(a->name, b->name) && !strcmp(a->type, b->type) &&
		    a->value == b->value)
			continue;
		print_error("%s %s, %zu: header \"%s %s\" %#llx, spec \"%s %s\" %#llx\n",
			    h->what, h->tag, k, a->type, a->name,
			    (unsigned long long)a->value, b->type, b->name,
			    (unsigned long long)b->value);
		wrong++;
	}
	return wrong;
}

static size_t missing(const struct interface *have, const struct interface *in,
		      const char *file)
{
	size_t k, wrong = 0;

	for (k = 0; k < have->nr; k++) {
		const struct group *g = &have->group[k];

		if (find_group(in, g))
			continue;
		print_error("%s %s is not in %s\n", g->what, g->tag, file);
		wrong++;
	}
	return wrong;
}

static void test_spec_says_what_header_says(void **state)
{
	struct interface *header = read_header(), *spec;
	yaml_document_t doc;
	size_t k, wrong;

	(void)state;
	load_spec(&doc);
	spec = read_spec(&doc);
	wrong = missing(header, spec, SPEC) + missing(spec, header, HEADER);
	for (k = 0; k < header->nr; k++) {
		const struct group *g = find_group(spec, &header->group[k]);

		if (g)
			wrong += compare_group(&header->group[k], g);
	}
	assert_true(header->nr > 10);
	assert_int_equal(wrong, 0);
	yaml_document_delete(&doc);
	free(header);
	free(spec);
}

/*
 * A set without an enum of the header is that of an operation, X-op: the
 * attributes of "req", then, numbered from 1 again, those of X.
 */

static yaml_node_t *find_set(yaml_document_t *doc, const char *name, size_t len)
{
	yaml_node_t *root = yaml_document_get_root_node(doc), *n;

	for (size_t k = 0; (n = each(doc, root, "attribute-sets", k)); k++)
		if (strlen(text_of(doc, n, "name")) == len &&
		    !strncmp(text_of(doc, n, "name"), name, len))
			return n;
	fail_msg("%s: no attribute set \"%.*s\"", SPEC, (int)len, name);
	return NULL;
}

static yaml_node_t *find_attribute(yaml_document_t *doc, yaml_node_t *set,
				   const char *name)
{
	yaml_node_t *a;

	for (size_t k = 0; (a = each(doc, set, "attributes", k)); k++)
		if (!strcmp(text_of(doc, a, "name"), name))
			return a;
	return NULL;
}

/* They say the same of themselves, but for name and value. */
static void assert_like(yaml_document_t *doc, yaml_node_t *a, yaml_node_t *b)
{
	static const char *const keys[] = {
		"type", "struct", "nested-attributes", "multi-attr", "enum",
		"enum-as-flags", "display-hint",
	};

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		assert_int_equal(!get(doc, a, keys[k]), !get(doc, b, keys[k]));
		if (get(doc, a, keys[k]))
			assert_string_equal(text_of(doc, a, keys[k]),
					    text_of(doc, b, keys[k]));
	}
}

/* @name, or @name-..., if a request has the name already. */
static void assert_named(yaml_document_t *doc, const char *got,
			 const char *name)
{
	yaml_node_t *req = find_set(doc, "req", 3);

	if (find_attribute(doc, req, name) && strcmp(name, "pad")) {
		assert_int_equal(strncmp(got, name, strlen(name)), 0);
		assert_int_equal(got[strlen(name)], '-');
		return;
	}
	assert_string_equal(got, name);
}

static void check_operation_set(yaml_document_t *doc, yaml_node_t *set)
{
	const char *name = text_of(doc, set, "name");
	yaml_node_t *req = find_set(doc, "req", 3);
	yaml_node_t *answer = find_set(doc, name, strlen(name) - strlen("-op"));
	yaml_node_t *a, *b;
	size_t asked, k;

	/* The very same nodes, all but padding. */
	for (asked = 0; (a = each(doc, req, "attributes", asked)); asked++) {
		if (!strcmp(text_of(doc, a, "name"), "pad"))
			break;
		assert_ptr_equal(each(doc, set, "attributes", asked), a);
	}
	for (k = 0; (b = each(doc, answer, "attributes", k)); k++) {
		a = each(doc, set, "attributes", asked + k);
		assert_non_null(a);
		assert_named(doc, text_of(doc, a, "name"),
			     text_of(doc, b, "name"));
		assert_like(doc, a, b);
		assert_int_equal(!get(doc, a, "value"), k > 0);
		if (!k)
			assert_string_equal(text_of(doc, a, "value"), "1");
	}
	assert_null(each(doc, set, "attributes", asked + k));
	assert_true(asked && k);
}

static void test_spec_operation_sets(void **state)
{
	yaml_document_t doc;
	yaml_node_t *root, *set;
	size_t checked = 0;

	(void)state;
	load_spec(&doc);
	root = yaml_document_get_root_node(&doc);
	for (size_t k = 0; (set = each(&doc, root, "attribute-sets", k)); k++) {
		if (get(&doc, set, "enum-name"))
			continue;
		check_operation_set(&doc, set);
		checked++;
	}
	assert_int_equal(checked, 2);
	yaml_document_delete(&doc);
}

/* All that an operation lists is in its set. */
static size_t check_listed(yaml_document_t *doc, yaml_node_t *op,
			   const char *mode, const char *way)
{
	yaml_node_t *m = get(doc, op, mode), *list, *n;
	const char *name = text_of(doc, op, "attribute-set");
	yaml_node_t *set = find_set(doc, name, strlen(name));
	size_t k;

	list = m ? get(doc, m, way) : NULL;
	for (k = 0; list && (n = each(doc, list, "attributes", k)); k++)
		if (!find_attribute(doc, set, (char *)n->data.scalar.value))
			fail_msg("%s:%zu: \"%s\" is not in \"%s\"", SPEC,
				 n->start_mark.line + 1, n->data.scalar.value,
				 name);
	return k;
}

static void test_spec_operations(void **state)
{
	yaml_document_t doc;
	yaml_node_t *ops, *op;
	size_t listed = 0;

	(void)state;
	load_spec(&doc);
	ops = get(&doc, yaml_document_get_root_node(&doc), "operations");
	for (size_t k = 0; (op = each(&doc, ops, "list", k)); k++)
		listed += check_listed(&doc, op, "do", "request") +
			  check_listed(&doc, op, "do", "reply") +
			  check_listed(&doc, op, "dump", "request") +
			  check_listed(&doc, op, "dump", "reply");
	assert_true(listed > 20);
	yaml_document_delete(&doc);
}

static void test_spec_names_family(void **state)
{
	yaml_document_t doc;
	yaml_node_t *root;

	(void)state;
	load_spec(&doc);
	root = yaml_document_get_root_node(&doc);
	assert_string_equal(text_of(&doc, root, "name"), VMWALK_GENL_NAME);
	yaml_document_delete(&doc);
}

/* The reader of the header found what the compiler sees. */
static void test_header_reader(void **state)
{
	struct interface *i = read_header();
	struct group like = { .what = "struct", .tag = "vmwalk_vma" };
	const struct group *vma = find_group(i, &like);
	struct group state_enum = { .what = "enum", .tag = "vmwalk_state" };
	const struct group *st = find_group(i, &state_enum);

	(void)state;
	assert_non_null(vma);
	assert_non_null(st);
	assert_string_equal(vma->item[vma->nr - 1].name, "shmem_swapped");
	assert_int_equal(st->item[1].value, VMWALK_STATE_LEVEL);
	assert_int_equal(st->item[7].value, VMWALK_STATE_ACCESSED);
	free(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_reader),
		cmocka_unit_test(test_spec_names_family),
		cmocka_unit_test(test_spec_says_what_header_says),
		cmocka_unit_test(test_spec_operation_sets),
		cmocka_unit_test(test_spec_operations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
