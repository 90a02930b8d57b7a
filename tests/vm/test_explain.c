// SPDX-License-Identifier: GPL-2.0
/* LIBS: libbpf */
/*
 * Of the symbols that the explanations name for this kernel, members are in its
 * BTF and functions among its symbols. What is in headers, tests/lab/explain.sh
 * looks up on the host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <cmocka.h>

#include "model/explain.h"
#include "lib/target.h"

static struct utsname uts;

/* A kernel of the lab's own making has neither BTF nor all that others have. */
static void skip_without_btf(void)
{
	if (!access("/sys/kernel/btf/vmlinux", R_OK))
		return;
	vmw_diag("skipped: this kernel has no BTF");
	skip();
}

static struct vmw_kernel this_kernel(void)
{
	uname(&uts);
	return (struct vmw_kernel){ vmw_series_of(uts.release), uts.machine };
}

/* Is there a member @name in @type, or in what it has without a name? */
static bool has_member(const struct btf *btf, const struct btf_type *type,
		       const char *name)
{
	const struct btf_member *m = btf_members(type);

	for (size_t i = 0; i < btf_vlen(type); i++, m++) {
		const char *own = btf__name_by_offset(btf, m->name_off);
		const struct btf_type *inner;

		if (!strcmp(own, name))
			return true;
		inner = btf__type_by_id(btf, btf__resolve_type(btf, m->type));
		if (!*own && btf_is_composite(inner) &&
		    has_member(btf, inner, name))
			return true;
	}
	return false;
}

/* @path: "mm_struct.brk" */
static bool is_in_btf(const struct btf *btf, const char *path)
{
	const char *dot = strchr(path, '.');
	char *name = strndup(path, dot - path);
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	free(name);
	return id > 0 && has_member(btf, btf__type_by_id(btf, id), dot + 1);
}

static void members(void **state)
{
	const struct vmw_kernel kernel = this_kernel();
	size_t looked_up = 0, wrong = 0;
	struct btf *btf;

	(void)state;
	skip_without_btf();
	btf = btf__load_vmlinux_btf();
	assert_non_null(btf);
	for (size_t i = 0; i < vmw_nr_topics; i++) {
		const struct vmw_topic *t = &vmw_topics[i];

		for (size_t k = 0; k < t->nr_symbols; k++) {
			const struct vmw_symbol *s = &t->symbols[k];

			if (!strchr(s->name, '.') ||
			    !vmw_symbol_is_of(s, &kernel))
				continue;
			looked_up++;
			if (is_in_btf(btf, s->name))
				continue;
			wrong++;
			vmw_diag("%s: no %s in the BTF of %s", t->name,
				 s->name, uts.release);
		}
	}
	assert_int_equal(wrong, 0);
	assert_true(looked_up > 20);
	assert_false(is_in_btf(btf, "mm_struct.nothing"));
	assert_false(is_in_btf(btf, "nothing_struct.brk"));
	btf__free(btf);
}

/*
 * A function among the kernel's symbols: "do_swap_page()" is found as
 * do_swap_page, or as do_swap_page.isra.0, which the compiler made of it.
 */
struct sought {
	const char *name;
	bool found;
};

static bool is_symbol(const char *symbol, const char *function)
{
	const size_t len = strcspn(function, "(");

	return !strncmp(symbol, function, len) &&
	       (!symbol[len] || symbol[len] == '.');
}

static void find_functions(struct sought *f, size_t nr)
{
	FILE *in = fopen("/proc/kallsyms", "r");
	char symbol[512];

	assert_non_null(in);
	while (fscanf(in, "%*s %*s %511s%*[^\n]", symbol) == 1)
		for (size_t i = 0; i < nr; i++)
			if (!f[i].found && is_symbol(symbol, f[i].name))
				f[i].found = true;
	fclose(in);
}

static bool is_function(const struct vmw_symbol *s)
{
	const size_t len = strlen(s->file);

	return strchr(s->name, '(') && !strcmp(s->file + len - 2, ".c");
}

static void functions(void **state)
{
	const struct vmw_kernel kernel = this_kernel();
	struct sought f[512] = { { .name = "no_such_function()" } };
	size_t nr = 1, wrong = 0;

	(void)state;
	skip_without_btf();
	for (size_t i = 0; i < vmw_nr_topics; i++) {
		const struct vmw_topic *t = &vmw_topics[i];

		for (size_t k = 0; k < t->nr_symbols; k++)
			if (is_function(&t->symbols[k]) &&
			    vmw_symbol_is_of(&t->symbols[k], &kernel)) {
				assert_true(nr < sizeof(f) / sizeof(f[0]));
				f[nr++].name = t->symbols[k].name;
			}
	}
	find_functions(f, nr);
	for (size_t i = 1; i < nr; i++) {
		if (f[i].found)
			continue;
		wrong++;
		vmw_diag("no %s in %s", f[i].name, uts.release);
	}
	assert_int_equal(wrong, 0);
	assert_true(nr > 20);
	assert_false(f[0].found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members),
		cmocka_unit_test(functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
