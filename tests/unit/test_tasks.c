// SPDX-License-Identifier: GPL-2.0
/* The model of all processes, and its views. */
#include <errno.h>

#include <yajl/yajl_tree.h>

#include "everything.h"

static const struct vmw_style style = { .width = 200 };

struct list {
	struct vmw_tasks tasks;
	struct fixture text;
};

static void add_task(struct list *l, uint32_t pid, const char *comm,
		     uint64_t resident)
{
	struct vmwalk_task info = {
		.pid = pid, .ppid = 1, .state = 'S', .threads = 1,
		.flags = VMWALK_TASK_F_MM, .euid = pid % 3, .cgroup = pid / 100,
		.mapped = 8 * resident, .rss_anon = resident / 2,
		.rss_file = resident / 4, .rss_shmem = resident / 4,
		.swap = 7 * PAGE, .page_tables = pid * PAGE,
		.hiwater_rss = 3 * resident,
	};

	memcpy(info.comm, comm, strnlen(comm, sizeof(info.comm)));
	assert_int_equal(vmw_tasks_add(&l->tasks, &info), 0);
}

static void add_kernel_thread(struct list *l, uint32_t pid)
{
	const struct vmwalk_task info = {
		.pid = pid, .state = 'I', .flags = VMWALK_TASK_F_KTHREAD,
		.comm = "kworker/0:0",
	};

	assert_int_equal(vmw_tasks_add(&l->tasks, &info), 0);
}

static int set_up(void **state)
{
	struct list *l = calloc(1, sizeof(*l));

	vmw_tasks_init(&l->tasks, SHIFT);
	add_task(l, 1, "init", 4 * PAGE);
	add_kernel_thread(l, 2);
	add_task(l, 100, "a-name-of-15-by", 400 * PAGE);
	add_task(l, 200, "\033[2J\nx\x7f\xe2\x80\xae\xff", 40 * PAGE);
	add_task(l, 201, "bash", 40 * PAGE);
	l->tasks.task[0].user = "root";
	l->tasks.task[2].user = "d\033[1mmon";
	*state = l;
	return 0;
}

static int tear_down(void **state)
{
	struct list *l = *state;

	vmw_tasks_deinit(&l->tasks);
	free(l->text.text);
	free(l);
	return 0;
}

static void check_pids(const struct list *l, const uint32_t *pids, size_t nr)
{
	assert_int_equal(l->tasks.nr, nr);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(l->tasks.task[i].info.pid, pids[i]);
}

#define PIDS(l, ...) check_pids(l, (const uint32_t []){ __VA_ARGS__ }, \
	sizeof((const uint32_t []){ __VA_ARGS__ }) / sizeof(uint32_t))

/* What a kernel that counts wrongly might send. */
static void only_ascending(void **state)
{
	struct list *l = *state;
	struct vmwalk_task info = { .pid = 201 };

	assert_int_equal(vmw_tasks_add(&l->tasks, &info), -EPROTO);
	info.pid = 0;
	assert_int_equal(vmw_tasks_add(&l->tasks, &info), -EPROTO);
	info.pid = 202;
	memset(info.comm, 'x', sizeof(info.comm));
	assert_int_equal(vmw_tasks_add(&l->tasks, &info), 0);
	assert_int_equal(strlen(l->tasks.task[5].info.comm), 15);
}

static void many(void **state)
{
	struct list *l = *state;

	for (uint32_t pid = 1000; pid < 9000; pid++)
		add_task(l, pid, "x", PAGE);
	assert_int_equal(l->tasks.nr, 8005);
	assert_int_equal(l->tasks.task[8004].info.pid, 8999);
}

static void keep_named(struct list *l, const char *name)
{
	char *const names[] = { "no such", (char *)name };
	const struct vmw_task_filter filter = {
		.all = true, .names = names, .nr_names = 2,
	};

	vmw_tasks_filter(&l->tasks, &filter);
}

static void by_pid(void **state)
{
	keep_named(*state, "100");
	PIDS(*state, 100);
}

static void by_pattern(void **state)
{
	keep_named(*state, "*b*");
	PIDS(*state, 100, 201);
}

static void by_name_alone(void **state)
{
	keep_named(*state, "bas");
	PIDS(*state);
}

/* The kernel has cut it. */
static void by_long_name(void **state)
{
	keep_named(*state, "a-name-of-15-bytes-and-more");
	PIDS(*state, 100);
}

static void by_other_long_name(void **state)
{
	keep_named(*state, "bash-but-longer-than-15");
	PIDS(*state);
}

static void without_memory(void **state)
{
	const struct vmw_task_filter some = { 0 };
	struct list *l = *state;

	vmw_tasks_filter(&l->tasks, &some);
	PIDS(l, 1, 100, 200, 201);
	assert_int_equal(l->tasks.left_out, 1);
}

static void by_user_and_cgroup(void **state)
{
	const uint64_t cgroups[] = { 0, 2, 7 };
	struct vmw_task_filter filter = {
		.all = true, .cgroups = cgroups, .nr_cgroups = 3,
	};

	vmw_tasks_filter(&((struct list *)*state)->tasks, &filter);
	PIDS(*state, 1, 2, 200, 201);
	filter = (struct vmw_task_filter){ .by_user = true, .user = 0 };
	vmw_tasks_filter(&((struct list *)*state)->tasks, &filter);
	PIDS(*state, 201);
}

static void sort(struct list *l, const char *key)
{
	const struct vmw_task_key *k = vmw_task_key(key);

	assert_non_null(k);
	vmw_tasks_sort(&l->tasks, k);
}

static void sorted(void **state)
{
	struct list *l = *state;

	sort(l, "resident");
	PIDS(l, 100, 200, 201, 1, 2);
	sort(l, "PID");
	PIDS(l, 1, 2, 100, 200, 201);
	sort(l, "tables");
	PIDS(l, 201, 200, 100, 1, 2);
	sort(l, "name");
	PIDS(l, 200, 100, 201, 1, 2);
	sort(l, "s");
	PIDS(l, 2, 1, 100, 200, 201);
	/* By name, then without one by number. */
	sort(l, "user");
	PIDS(l, 100, 1, 2, 201, 200);
	sort(l, "mapped");
	PIDS(l, 100, 200, 201, 1, 2);
	sort(l, "peak");
	PIDS(l, 100, 200, 201, 1, 2);
	sort(l, "swapped");
	PIDS(l, 1, 100, 200, 201, 2);
	assert_null(vmw_task_key("reside"));
	assert_null(vmw_task_key(""));
}

static const char *render(struct list *l)
{
	FILE *out = open_text(&l->text);

	assert_int_equal(vmw_render_ps(out, &style, &l->tasks), 0);
	fclose(out);
	check_tame(l->text.text);
	return l->text.text;
}

static void table(void **state)
{
	const char *text = render(*state);

	contains(text, "PID USER        S MAPPED RESIDENT SWAPPED TABLES PEAK "
		       "GO NAME\n");
	contains(text, "  1 root        S    128       16      28      4   48 "
		       "   init\n");
	contains(text, "  2 0           I      -        -       -      -    - "
		       "   kworker/0:0\n");
	contains(text, "100 d\\033[1mmon S");
	contains(text, "200 2           S");
	contains(text, " \\033[2J\\012x\\177\\342\\200\\256\\377\n");
	contains(text, "\n5 processes, by the kernel's counters\n");
}

static void table_of_some(void **state)
{
	const struct vmw_task_filter some = { 0 };
	struct list *l = *state;

	vmw_tasks_filter(&l->tasks, &some);
	contains(render(l), "\n4 processes, by the kernel's counters; with "
			    "--all, 1 more that have no memory of their own\n");
}

static yajl_val member(yajl_val v, const char *key)
{
	const char *path[2] = { key };

	v = yajl_tree_get(v, path, yajl_t_any);
	assert_non_null(v);
	return v;
}

static void json(void **state)
{
	struct list *l = *state;
	FILE *out = open_text(&l->text);
	yajl_val root, list, memory;
	char error[256];

	assert_int_equal(vmw_json_ps(out, &l->tasks), 0);
	fclose(out);
	check_tame(l->text.text);
	root = yajl_tree_parse(l->text.text, error, sizeof(error));
	assert_non_null(root);
	list = member(root, "processes");
	assert_int_equal(YAJL_GET_ARRAY(list)->len, 5);
	memory = member(YAJL_GET_ARRAY(list)->values[2], "memory");
	assert_int_equal(YAJL_GET_INTEGER(member(memory, "rss_anon")),
			 200 * PAGE);
	memory = member(YAJL_GET_ARRAY(list)->values[1], "memory");
	assert_true(YAJL_IS_NULL(memory));
	yajl_tree_free(root);
}

#define of_list(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		of_list(only_ascending),
		of_list(many),
		of_list(by_pid),
		of_list(by_pattern),
		of_list(by_name_alone),
		of_list(by_long_name),
		of_list(by_other_long_name),
		of_list(without_memory),
		of_list(by_user_and_cgroup),
		of_list(sorted),
		of_list(table),
		of_list(table_of_some),
		of_list(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
