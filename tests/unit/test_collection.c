// SPDX-License-Identifier: GPL-2.0
/* LIBS: sqlite3 */
/*
 * What may happen to a collection: who writes it is killed, the power fails, the
 * disk fills up, another writes too. What was complete is there, or an error says
 * what is wrong; nothing else. What was imported is not believed either.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "devour.h"
#include "store/import.h"

#define KILLS		500	/* KILLS and SEED of the environment are others */
#define KILLS_A_FILE	25	/* then it is read as a whole, and a new one made */
#define CUTS		300

/* A snapshot that tells which it is, and differs from all before. */
static struct vmw_snapshot *make_nth(uint64_t n)
{
	struct vmw_snapshot *s = make();

	s->as.mm.rss_anon = n;
	s->as.extents[0].state ^= n & 0xf ? VMWALK_STATE_DIRTY : 0;
	s->as.threads[0].sp += n;
	return s;
}

static int add_nth(struct vmw_store *store, uint64_t n, uint64_t *number,
		   struct vmw_error *err)
{
	struct vmw_snapshot *s = make_nth(n);
	int ret = vmw_store_add(store, s, err);

	*number = s->number;
	vmw_snapshot_destroy(s);
	return ret;
}

/* Every snapshot there is loads; returns the last one's number. */
static uint64_t check_whole(struct collection *c)
{
	struct vmw_store *store = open_store(c, VMW_STORE_READ);
	uint64_t number = 0, last = 0;
	struct vmw_snapshot *s;

	for (;; last = number) {
		if (vmw_store_next(store, number, &number, &c->err))
			fail_msg("%s", c->err.text);
		if (!number)
			break;
		assert_int_equal(number, last + 1);
		if (vmw_store_load(store, number, &s, &c->err))
			fail_msg("%s", c->err.text);
		assert_int_equal(s->as.nr_vmas, 6);
		assert_int_equal(s->as.nr_threads, 1);
		assert_int_equal(s->as.threads[0].sp,
				 0x20000800 + s->as.mm.rss_anon);
		vmw_snapshot_destroy(s);
	}
	vmw_store_close(store);
	return last;
}

/* The last one loads; returns its number, 0 if there is none. */
static uint64_t check_last(struct collection *c)
{
	struct vmw_store *store = open_store(c, VMW_STORE_READ);
	struct vmw_snapshot *s;
	uint64_t number = 0;

	if (!vmw_store_find(store, NULL, &number, &c->err)) {
		if (vmw_store_load(store, number, &s, &c->err))
			fail_msg("%s", c->err.text);
		vmw_snapshot_destroy(s);
	}
	vmw_store_close(store);
	return number;
}

static void check_integrity(struct collection *c)
{
	assert_int_equal(query(c, "SELECT count(*) FROM "
			       "pragma_integrity_check WHERE "
			       "integrity_check = 'ok'"), 1);
}

/* Adds until it is killed, and says so after each. */
static void write_for_ever(const char *path, uint64_t n, int out)
{
	struct vmw_store *store;
	struct vmw_error err;
	uint64_t number;

	if (vmw_store_open(&store, path, VMW_STORE_APPEND, &err))
		_exit(1);
	for (;; n++)
		if (add_nth(store, n, &number, &err) ||
		    write(out, &number, sizeof(number)) != sizeof(number))
			_exit(1);
}

/* At any moment, or, if it is to have @begun, at any after its first snapshot. */
static uint64_t write_and_be_killed(struct collection *c, uint64_t n, bool begun)
{
	uint64_t number, told = 0;
	int pipes[2], status;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (!pid) {
		close(pipes[0]);
		write_for_ever(c->path, n, pipes[1]);
	}
	close(pipes[1]);
	if (begun)
		assert_int_equal(read(pipes[0], &told, sizeof(told)), sizeof(told));
	usleep(rand() % 30000);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	while (read(pipes[0], &number, sizeof(number)) == sizeof(number))
		told = number;
	close(pipes[0]);
	return told;
}

static void killed(void **state)
{
	const unsigned int seed = setting("SEED", getpid());
	const unsigned int kills = setting("KILLS", KILLS);
	struct collection *c = *state;
	uint64_t last = 0, told, all = 0;
	unsigned int busy = 0;
	char command[128];

	srand(seed);
	snprintf(command, sizeof(command), "rm -f %s*", c->path);
	for (unsigned int i = 0; i < kills; i++) {
		told = write_and_be_killed(c, last + 1, i % 2);
		busy += told > 0;
		if (access(c->path, F_OK))
			continue;
		/* One that was not even made yet is empty, and may stay so. */
		vmw_store_close(open_store(c, VMW_STORE_APPEND));
		last = check_last(c);
		assert_true(last >= told);
		if (i % KILLS_A_FILE == KILLS_A_FILE - 1 || i == kills - 1) {
			assert_int_equal(check_whole(c), last);
			check_integrity(c);
			assert_int_equal(system(command), 0);
			all += last;
			last = 0;
		}
	}
	print_message("%u kills, seed %u: %u after a snapshot was written; of "
		      "%llu snapshots told, none is lost\n", kills, seed, busy,
		      (unsigned long long)all);
	assert_true(busy >= kills / 2);
}

static void copy_cut(const char *from, const char *to, long len)
{
	char command[512];

	snprintf(command, sizeof(command), "cp %s %s && truncate -s %ld %s",
		 from, to, len, to);
	assert_int_equal(system(command), 0);
}

/* The power fails: what was on its way to the disk is there in part. */
static void torn(void **state)
{
	struct collection *c = *state, t = *c;
	char wal[128], torn_wal[128];
	struct vmw_store *store;
	uint64_t number, before = 0;
	struct stat st, wal_st;

	store = open_store(c, VMW_STORE_APPEND);
	for (uint64_t n = 1; n <= 20; n++)
		assert_int_equal(add_nth(store, n, &number, &c->err), 0);
	snprintf(t.path, sizeof(t.path), "%.80s/torn", c->dir);
	snprintf(wal, sizeof(wal), "%s-wal", c->path);
	snprintf(torn_wal, sizeof(torn_wal), "%s-wal", t.path);
	assert_int_equal(stat(c->path, &st), 0);
	assert_int_equal(stat(wal, &wal_st), 0);
	assert_true(wal_st.st_size > 0);
	for (int i = 0; i <= CUTS; i++) {
		copy_cut(c->path, t.path, st.st_size);
		copy_cut(wal, torn_wal, wal_st.st_size * i / CUTS);
		vmw_store_close(open_store(&t, VMW_STORE_APPEND));
		number = check_whole(&t);
		assert_true(number >= before);
		before = number;
		check_integrity(&t);
	}
	assert_int_equal(before, 20);
	vmw_store_close(store);
}

static void not_a_collection(void **state)
{
	struct collection *c = *state;
	struct vmw_store *store;
	const int modes[] = { VMW_STORE_READ, VMW_STORE_APPEND };

	for (int i = 0; i < 2; i++) {
		assert_int_equal(vmw_store_open(&store, c->dir, modes[i],
						&c->err), -EISDIR);
		assert_int_equal(mkfifo(c->path, 0600), 0);
		assert_int_equal(vmw_store_open(&store, c->path, modes[i],
						&c->err), -EINVAL);
		unlink(c->path);
		write_file(c->path, "SQLite format 3 is what this is not", 35);
		assert_int_equal(vmw_store_open(&store, c->path, modes[i],
						&c->err), -EBADMSG);
		unlink(c->path);
		run_sql(c, "CREATE TABLE vmas(a); CREATE TABLE snapshots(b)");
		assert_int_equal(vmw_store_open(&store, c->path, modes[i],
						&c->err), -EBADMSG);
		unlink(c->path);
	}
	assert_int_equal(vmw_store_open(&store, c->path, VMW_STORE_READ,
					&c->err), -ENOENT);
	write_file(c->path, "", 0);
	assert_int_equal(vmw_store_open(&store, c->path, VMW_STORE_READ,
					&c->err), -EBADMSG);
}

static void add_many(const char *path, uint64_t from, int nr)
{
	struct vmw_store *store;
	struct vmw_error err;
	uint64_t number;

	if (vmw_store_open(&store, path, VMW_STORE_APPEND, &err))
		_exit(1);
	for (int i = 0; i < nr; i++)
		if (add_nth(store, from + i, &number, &err))
			_exit(2);
	vmw_store_close(store);
	_exit(0);
}

static void two_writers(void **state)
{
	struct collection *c = *state;
	int status;
	pid_t pid[2];

	for (int i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i])
			add_many(c->path, 1000 * i, 40);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	assert_int_equal(check_whole(c), 80);
	check_integrity(c);
}

/* As a quota does: no byte more than so many. */
static void no_room(void **state)
{
	struct collection *c = *state;
	struct rlimit all, few;
	struct vmw_store *store;
	uint64_t number, last = 0;
	int ret = 0;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &all);
	store = open_store(c, VMW_STORE_APPEND);
	few = (struct rlimit){ .rlim_cur = 300000, .rlim_max = all.rlim_max };
	setrlimit(RLIMIT_FSIZE, &few);
	for (uint64_t n = 1; !ret && n < 10000; n++) {
		ret = add_nth(store, n, &number, &c->err);
		if (!ret)
			last = number;
	}
	assert_true(ret < 0);
	assert_true(last > 0);
	assert_non_null(strstr(c->err.text, "snapshots that were complete"));
	/* It can go on when there is room again. */
	setrlimit(RLIMIT_FSIZE, &all);
	assert_int_equal(add_nth(store, 7, &number, &c->err), 0);
	assert_int_equal(number, last + 1);
	vmw_store_close(store);
	assert_int_equal(check_whole(c), last + 1);
	check_integrity(c);
}

static char *to_json(const struct vmw_snapshot *s, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	assert_int_equal(vmw_export_json(out, s), 0);
	fclose(out);
	return text;
}

/* There and back again: the same text, and so the same snapshot. */
static void exported_and_imported(void **state)
{
	struct vmw_snapshot *s = make_nth(5), *t;
	struct vmw_error err;
	size_t len, again;
	char *text, *second;

	(void)state;
	strcpy(s->label, "a-label");
	vmw_pack_number(&s->ways.packed, 300);
	s->ways.top = 0x1000;
	text = to_json(s, &len);
	assert_ptr_equal(strchr(text, '\n'), text + len - 1);
	if (vmw_import_json(text, len, &t, &err))
		fail_msg("%s", err.text);
	second = to_json(t, &again);
	assert_string_equal(text, second);
	same_runtime(s, t);
	assert_string_equal(t->origin.exe, s->origin.exe);
	assert_string_equal(t->as.comm, s->as.comm);
	assert_int_equal(t->as.extents[2].frame, s->as.extents[2].frame);
	free(text);
	free(second);
	vmw_snapshot_destroy(s);
	vmw_snapshot_destroy(t);
}

/* Takes @what out of @text, where it is once. */
static void cut(char *text, const char *what)
{
	char *at = strstr(text, what);

	assert_non_null(at);
	memmove(at, at + strlen(what), strlen(at + strlen(what)) + 1);
}

/* Of a vmwalk that did not tell of steps and swap areas. */
static void older_json(void **state)
{
	struct vmw_snapshot *s = make_nth(5), *t;
	struct vmw_error err;
	char *text, *from, *to;
	size_t len;

	(void)state;
	text = to_json(s, &len);
	cut(text, ",\"hold_max_steps\":255");
	from = strstr(text, "\"swaps\":[");
	assert_non_null(from);
	to = strstr(from, "],");
	memmove(from, to + 2, strlen(to + 2) + 1);
	if (vmw_import_json(text, strlen(text), &t, &err))
		fail_msg("%s", err.text);
	assert_int_equal(t->as.end.hold_max_steps, 0);
	assert_int_equal(t->as.nr_swaps, 0);
	assert_int_equal(t->as.end.locks, s->as.end.locks);
	free(text);
	vmw_snapshot_destroy(s);
	vmw_snapshot_destroy(t);
}

/* What no runtime says, in place of what the document says; each is told. */
static const char *const hostile_runtimes[][2] = {
	{ "\"runtime\":{", "\"runtime\":[],\"x\":{" },
	{ "\"source\":1,\"torn\"", "\"source\":7,\"torn\"" },
	{ "\"torn\":3", "\"torn\":-3" },
	{ "\"torn\":3", "\"torn\":4294967296" },
	{ "\"version\":\"",
	  "\"version\":\"0123456789012345678901234567890123456789012345678901234567890123456789" },
	{ "\"goroutines\":[", "\"goroutines\":{},\"x\":[" },
	{ "\"goroutines\":[", "\"goroutines\":[[]," },
	{ "\"lo\":\"0x10000000\"", "\"lo\":\"0x10002000\"" },
	{ "\"lo\":\"0x10000000\"", "\"lo\":\"0x0\"" },
	{ "\"hi\":\"0x10002000\"", "\"hi\":\"0xfffffffffffff000\"" },
	{ "\"sp\":\"0x10001f00\"", "\"sp\":\"0x1\"" },
	{ "\"kind\":0,\"status\":4", "\"kind\":4,\"status\":4" },
	{ "\"tid\":78,\"source\"", "\"tid\":2147483648,\"source\"" },
	{ "\"start_bytes\":\"", "\"start_bytes\":\"0g" },
	{ "\"start\":\"main.stay\"", "\"start\":null" },
	{ "\"labels\":[", "\"labels\":[{}," },
	{ "\"end\":\"0x10009123\"", "\"end\":\"0x10008000\"" },
	{ "\"end\":\"0x10009123\"", "\"end\":\"0x10007000\"" },
	{ "\"kind\":4,\"source\"", "\"kind\":7,\"source\"" },
	{ "\"spans\":[[", "\"spans\":[[1],[" },
	{ "\"spans\":[[", "\"spans\":[\"\",[" },
	{ "\"spans\":[[\"0x40000000\"", "\"spans\":[[\"0x40000000\",1" },
	{ "\"spans\":[[\"0x40000000\"", "\"spans\":[[1073741824" },
	{ "\"spans\":[[\"0x40000000\"", "\"spans\":[[\"0x1\"" },
	{ "[\"0x40000000\",8192,", "[\"0x40000000\",0," },
	{ "[\"0x40000000\",8192,", "[\"0x40000000\",18446744073709551615," },
	{ "[\"0x40000000\",8192,48,", "[\"0x40000000\",8192,8193," },
	{ "8192,48,170,1,0,0]", "8192,48,4294967296,1,0,0]" },
	{ "8192,48,170,1,0,0]", "8192,48,170,4294967296,0,0]" },
	{ "8192,48,170,1,0,0]", "8192,48,170,1,7,0]" },
	{ "8192,48,170,1,0,0]", "8192,48,170,1,0,2]" },
	{ "\"images\":[", "\"images\":{},\"x\":[" },
	{ "\"images\":[", "\"images\":[7," },
	{ "\"build_id\":\"go:abc_-\"", "\"build_id\":\"\"" },
	{ "\"build_id\":\"go:abc_-\"", "\"build_id\":7" },
	{ "\"dev_major\":8,\"dev_minor\":1,\"build_id\"", "\"build_id\"" },
};

static char *replace(const char *text, const char *what, const char *with)
{
	const char *at = strstr(text, what);
	char *changed = NULL;

	if (!at)
		fail_msg("no '%s'", what);
	assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, with,
			     at + strlen(what)) > 0);
	return changed;
}

static void hostile_runtime(void **state)
{
	struct vmw_snapshot *s = make_nth(5), *t;
	struct vmw_error err;
	char *text, *changed;
	size_t len;

	(void)state;
	text = to_json(s, &len);
	for (size_t i = 0; i < sizeof(hostile_runtimes) /
			       sizeof(hostile_runtimes[0]); i++) {
		const char *const *h = hostile_runtimes[i];

		changed = replace(text, h[0], h[1]);
		err.text[0] = '\0';
		if (!vmw_import_json(changed, strlen(changed), &t, &err))
			fail_msg("taken: %s", h[1]);
		assert_non_null(strstr(err.text, "'vmwalk export --json'"));
		assert_null(strchr(err.text, '\n'));
		free(changed);
	}
	free(text);
	vmw_snapshot_destroy(s);
}

/* Deeper than a stack would last. */
static void hostile_depth(void **state)
{
	const size_t depth = 1 << 20;
	struct vmw_snapshot *s;
	struct vmw_error err;
	char *text = malloc(2 * depth + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
	assert_int_equal(vmw_import_json(text, 2 * depth, &s, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "too deep"));
	free(text);
}

static void hostile_json(void **state)
{
	const unsigned int flips = 2 * setting("FLIPS", FLIPS);
	struct vmw_snapshot *s = make_nth(5), *t;
	struct vmw_error err;
	size_t len, size, taken = 0;
	char *text, *copy;

	(void)state;
	text = to_json(s, &len);
	copy = malloc(len + 1);
	srand(setting("SEED", 2));
	for (unsigned int i = 0; i < flips; i++) {
		memcpy(copy, text, len + 1);
		for (int k = rand() % 3; k >= 0; k--)
			copy[rand() % (len - 1)] =
				"0123456789-,:[]{}\"x\\"[rand() % 20];
		size = strlen(copy);
		if (vmw_import_json(copy, size, &t, &err)) {
			assert_true(*err.text);
			continue;
		}
		taken++;
		show_all(t);
		vmw_snapshot_destroy(t);
	}
	print_message("%u hostile documents: %zu taken\n", flips, taken);
	assert_true(taken > 0);
	free(copy);
	free(text);
	vmw_snapshot_destroy(s);
}

static void smaps(void **state)
{
	const unsigned int flips = setting("FLIPS", FLIPS) / 2;
	struct collection *c = *state;
	struct vmw_snapshot *s;
	char *data, *copy, path[96];
	uint64_t resident = 0;
	size_t len, size;

	if (vmw_import_proc("/proc/self/smaps", &s, &c->err))
		fail_msg("%s", c->err.text);
	assert_true(s->as.nr_vmas > 10);
	assert_true(s->as.sums_only);
	assert_true(s->as.mm.rss_anon > 0);
	append(c, s);
	vmw_snapshot_destroy(s);
	s = load(c, NULL);
	for (size_t i = 0; i < s->as.nr_vmas; i++)
		resident += s->as.vmas[i].usage.resident;
	assert_int_equal(resident, s->as.mm.rss_anon + s->as.mm.rss_file);
	vmw_snapshot_destroy(s);
	if (vmw_import_proc("/proc/self", &s, &c->err))
		fail_msg("%s", c->err.text);
	assert_int_equal(s->as.mm.pid, getpid());
	vmw_snapshot_destroy(s);
	data = read_file("/proc/self/smaps", &len);
	if (len > 20000)
		len = 20000;
	copy = malloc(len);
	snprintf(path, sizeof(path), "%.80s/smaps", c->dir);
	srand(setting("SEED", 3));
	for (unsigned int i = 0; i < flips; i++) {
		memcpy(copy, data, len);
		size = len;
		mangle(copy, &size);
		write_file(path, copy, size);
		if (!vmw_import_proc(path, &s, &c->err)) {
			show_all(s);
			vmw_snapshot_destroy(s);
		}
	}
	assert_int_equal(vmw_import_proc(c->path, &s, &c->err), -EBADMSG);
	assert_int_equal(vmw_import_proc("/nowhere", &s, &c->err), -ENOENT);
	free(copy);
	free(data);
}

/* Given a pattern, only those of that name. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test_of(killed),
		test_of(torn),
		test_of(not_a_collection),
		test_of(two_writers),
		test_of(no_room),
		test_of(exported_and_imported),
		test_of(older_json),
		test_of(hostile_runtime),
		test_of(hostile_depth),
		test_of(hostile_json),
		test_of(smaps),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
