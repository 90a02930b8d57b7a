// SPDX-License-Identifier: GPL-2.0
/* LIBS: yajl */
/*
 * jsonschema DIRECTORY: succeeds if its input is one JSON document that is as
 * the schema in DIRECTORY says which the document's member "schema" names. It
 * knows the keywords of JSON Schema that the schemas use; any other is an
 * error, so that none is passed over.
 */
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_tree.h>

#define MAX_FILES	16
#define MAX_PATTERNS	64	/* of all schemas together */

static struct file {
	char name[64];
	yajl_val root;
} files[MAX_FILES];
static const char *directory;

/* A schema, and the file in which its references start. */
struct schema {
	yajl_val val;
	const struct file *file;
};

/* Where in the document: names from the root down. */
struct path {
	const struct path *up;
	const char *name;
};

static bool conforms(struct schema s, yajl_val v, const struct path *at,
		     bool quiet);

static void print_path(const struct path *at)
{
	if (!at)
		return;
	print_path(at->up);
	printf("/%s", at->name);
}

static bool __attribute__((format(printf, 3, 4)))
refuse(const struct path *at, bool quiet, const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return false;
	printf("# ");
	print_path(at);
	printf(": ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return false;
}

static void __attribute__((noreturn)) die(const char *what, const char *name)
{
	printf("# %s: %s\n", name, what);
	exit(2);
}

static const char *text_of(yajl_val v)
{
	if (!YAJL_IS_STRING(v))
		die("is no string", "a member that should be one");
	return v->u.string;
}

static char *read_all(FILE *in)
{
	char *text = NULL;
	size_t size = 0;

	if (getdelim(&text, &size, '\0', in) < 0)
		die("cannot be read, or is empty", "input");
	return text;
}

static yajl_val parse(const char *text, const char *name)
{
	char error[256];
	yajl_val v = yajl_tree_parse(text, error, sizeof(error));

	if (!v)
		die(error, name);
	return v;
}

/* The file of that name, loaded when first needed. */
static const struct file *find_file(const char *name, size_t len)
{
	struct file *f = files;
	char path[4096], *text;
	FILE *in;

	while (f->root && (strncmp(f->name, name, len) || f->name[len]))
		f++;
	if (f->root)
		return f;
	if (f == &files[MAX_FILES - 1])
		die("one file too many", name);
	snprintf(f->name, sizeof(f->name), "%.*s", (int)len, name);
	snprintf(path, sizeof(path), "%s/%s", directory, f->name);
	in = fopen(path, "r");
	if (!in)
		die("no such schema", path);
	text = read_all(in);
	fclose(in);
	f->root = parse(text, path);
	free(text);
	return f;
}

static yajl_val member(yajl_val object, const char *key)
{
	const char *path[2] = { key, NULL };

	return yajl_tree_get(object, path, yajl_t_any);
}

/* "FILE#/$defs/NAME", or without FILE for the same one. */
static struct schema follow(struct schema s, const char *ref)
{
	static const char middle[] = "#/$defs/";
	const char *hash = strstr(ref, middle);
	struct schema to = { .file = s.file };

	if (!hash)
		die("a reference of unknown form", ref);
	if (hash > ref)
		to.file = find_file(ref, hash - ref);
	to.val = member(to.file->root, "$defs");
	to.val = to.val ? member(to.val, hash + strlen(middle)) : NULL;
	if (!to.val)
		die("leads nowhere", ref);
	return to;
}

static bool is_integer(yajl_val v)
{
	const char *digits = v->u.number.r;

	return digits[strspn(digits, "-0123456789")] == '\0';
}

static bool has_type(yajl_val v, const char *type)
{
	if (!strcmp(type, "object"))
		return YAJL_IS_OBJECT(v);
	if (!strcmp(type, "array"))
		return YAJL_IS_ARRAY(v);
	if (!strcmp(type, "string"))
		return YAJL_IS_STRING(v);
	if (!strcmp(type, "boolean"))
		return YAJL_IS_TRUE(v) || YAJL_IS_FALSE(v);
	if (!strcmp(type, "null"))
		return YAJL_IS_NULL(v);
	if (!strcmp(type, "integer"))
		return YAJL_IS_NUMBER(v) && is_integer(v);
	die("a type that is not known", type);
}

static bool has_one_type(yajl_val v, yajl_val types)
{
	if (YAJL_IS_STRING(types))
		return has_type(v, text_of(types));
	for (size_t i = 0; i < types->u.array.len; i++)
		if (has_type(v, text_of(types->u.array.values[i])))
			return true;
	return false;
}

/* Of scalars without numbers, which is all that the schemas compare. */
static bool equal(yajl_val a, yajl_val b)
{
	if (a->type != b->type)
		return false;
	return !YAJL_IS_STRING(a) ||
	       !strcmp(text_of(a), text_of(b));
}

static bool is_one_of(yajl_val v, yajl_val values)
{
	for (size_t i = 0; i < values->u.array.len; i++)
		if (equal(v, values->u.array.values[i]))
			return true;
	return false;
}

/* Compiled once: that takes longer than all the rest. */
static const regex_t *compiled(const char *pattern)
{
	static struct {
		const char *pattern;
		regex_t re;
	} known[MAX_PATTERNS];
	size_t i = 0;

	while (known[i].pattern && known[i].pattern != pattern)
		if (++i == MAX_PATTERNS)
			die("one pattern too many", pattern);
	if (!known[i].pattern) {
		if (regcomp(&known[i].re, pattern, REG_EXTENDED | REG_NOSUB))
			die("no regular expression", pattern);
		known[i].pattern = pattern;
	}
	return &known[i].re;
}

static bool matches(const char *text, const char *pattern)
{
	return !regexec(compiled(pattern), text, 0, NULL, 0);
}

/* How many of the schemas in @list the value conforms to. */
static size_t conforms_to(struct schema s, yajl_val list, yajl_val v,
			  const struct path *at, bool quiet)
{
	size_t n = 0;

	for (size_t i = 0; i < list->u.array.len; i++) {
		s.val = list->u.array.values[i];
		n += conforms(s, v, at, quiet);
	}
	return n;
}

/* Does @s, or what it refers to and @v conforms to, name the member @key? */
static bool names(struct schema s, yajl_val v, const char *key)
{
	static const char *const lists[] = { "allOf", "anyOf", "oneOf" };
	yajl_val x = member(s.val, "properties");

	if (x && member(x, key))
		return true;
	x = member(s.val, "$ref");
	if (x && names(follow(s, text_of(x)), v, key))
		return true;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		x = member(s.val, lists[i]);
		for (size_t j = 0; x && j < x->u.array.len; j++) {
			struct schema one = { x->u.array.values[j], s.file };

			if (conforms(one, v, NULL, true) && names(one, v, key))
				return true;
		}
	}
	return false;
}

static bool check_unnamed(struct schema s, yajl_val v, const struct path *at,
			  bool quiet)
{
	for (size_t i = 0; YAJL_IS_OBJECT(v) && i < v->u.object.len; i++)
		if (!names(s, v, v->u.object.keys[i]))
			return refuse(at, quiet, "has '%s', which the schema "
				      "does not know", v->u.object.keys[i]);
	return true;
}

static bool check_required(yajl_val list, yajl_val v, const struct path *at,
			   bool quiet)
{
	for (size_t i = 0; YAJL_IS_OBJECT(v) && i < list->u.array.len; i++) {
		const char *key = text_of(list->u.array.values[i]);

		if (!member(v, key))
			return refuse(at, quiet, "lacks '%s'", key);
	}
	return true;
}

static bool check_properties(struct schema s, yajl_val properties, yajl_val v,
			     const struct path *at, bool quiet)
{
	for (size_t i = 0; YAJL_IS_OBJECT(v) && i < v->u.object.len; i++) {
		const struct path below = { at, v->u.object.keys[i] };

		s.val = member(properties, below.name);
		if (s.val && !conforms(s, v->u.object.values[i], &below, quiet))
			return false;
	}
	return true;
}

static bool check_items(struct schema s, yajl_val v, const struct path *at,
			bool quiet)
{
	char index[24];
	const struct path below = { at, index };

	for (size_t i = 0; YAJL_IS_ARRAY(v) && i < v->u.array.len; i++) {
		snprintf(index, sizeof(index), "%zu", i);
		if (!conforms(s, v->u.array.values[i], &below, quiet))
			return false;
	}
	return true;
}

/* The keywords that look at the value itself. */
static bool check_value(const char *keyword, yajl_val arg, yajl_val v)
{
	if (!strcmp(keyword, "type"))
		return has_one_type(v, arg);
	if (!strcmp(keyword, "const"))
		return equal(v, arg);
	if (!strcmp(keyword, "enum"))
		return is_one_of(v, arg);
	if (!strcmp(keyword, "pattern"))
		return !YAJL_IS_STRING(v) ||
		       matches(text_of(v), text_of(arg));
	if (!strcmp(keyword, "minimum"))
		return !YAJL_IS_NUMBER(v) ||
		       v->u.number.d >= arg->u.number.d;
	if (!strcmp(keyword, "maximum"))
		return !YAJL_IS_NUMBER(v) ||
		       v->u.number.d <= arg->u.number.d;
	die("a keyword that is not known", keyword);
}

static bool is_comment(const char *keyword)
{
	return !strcmp(keyword, "$schema") || !strcmp(keyword, "$defs") ||
	       !strcmp(keyword, "title") || !strcmp(keyword, "description");
}

static bool check(struct schema s, const char *keyword, yajl_val arg,
		  yajl_val v, const struct path *at, bool quiet)
{
	const struct schema sub = { arg, s.file };

	if (is_comment(keyword))
		return true;
	if (!strcmp(keyword, "$ref"))
		return conforms(follow(s, text_of(arg)), v, at, quiet);
	if (!strcmp(keyword, "properties"))
		return check_properties(s, arg, v, at, quiet);
	if (!strcmp(keyword, "required"))
		return check_required(arg, v, at, quiet);
	if (!strcmp(keyword, "unevaluatedProperties") && YAJL_IS_FALSE(arg))
		return check_unnamed(s, v, at, quiet);
	if (!strcmp(keyword, "items"))
		return check_items(sub, v, at, quiet);
	if (!strcmp(keyword, "allOf"))
		return conforms_to(s, arg, v, at, quiet) == arg->u.array.len;
	if (!strcmp(keyword, "anyOf"))
		return conforms_to(s, arg, v, at, true) > 0 ||
		       refuse(at, quiet, "is none of those permitted");
	if (!strcmp(keyword, "oneOf"))
		return conforms_to(s, arg, v, at, true) == 1 ||
		       refuse(at, quiet, "is not one of those permitted");
	return check_value(keyword, arg, v) ||
	       refuse(at, quiet, "violates its '%s'", keyword);
}

static bool conforms(struct schema s, yajl_val v, const struct path *at,
		     bool quiet)
{
	for (size_t i = 0; i < s.val->u.object.len; i++)
		if (!check(s, s.val->u.object.keys[i],
			   s.val->u.object.values[i], v, at, quiet))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	const char *name, *dash;
	struct schema s;
	char file[64];
	yajl_val doc;

	if (argc != 2)
		die("usage: jsonschema DIRECTORY", "arguments");
	directory = argv[1];
	doc = parse(read_all(stdin), "input");
	name = text_of(member(doc, "schema"));
	dash = strrchr(name, '-');
	if (!dash || strchr(name, '/'))
		die("names no schema", name);
	snprintf(file, sizeof(file), "%.*s.schema.json", (int)(dash - name),
		 name);
	s.file = find_file(file, strlen(file));
	s.val = s.file->root;
	return conforms(s, doc, NULL, false) ? 0 : 1;
}
