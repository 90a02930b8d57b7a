/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fuzzer: requests made from what the spec says of them, right, nearly right
 * and wrong, by several processes at once. Chance and blame are those of the
 * stress test.
 */
#ifndef VMW_FUZZ_H
#define VMW_FUZZ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../stress/stress.h"
#include "../vm/lib/raw.h"

#define VMW_FUZZ_ATTRS	8
#define VMW_FUZZ_DATA	32
#define VMW_FUZZ_SHARED	4
#define VMW_FUZZ_ERRNOS	134

/**
 * struct fuzz_attr - an attribute, which may lie
 * @type: with its flags
 * @len: bytes of @data
 * @claim: what it says of its length, without its header
 */
struct fuzz_attr {
	uint16_t	type;
	uint16_t	len;
	uint16_t	claim;
	unsigned char	data[VMW_FUZZ_DATA];
};

/**
 * struct fuzz_request - a message before it is one
 * @cmd: of enum vmwalk_cmd, if it is right
 * @flags: NLM_F_*, besides NLM_F_REQUEST
 * @control: a type below NLMSG_MIN_TYPE instead of the family's, or 0
 * @claim: what it says is longer by this than what it is
 * @trailing: bytes behind the last attribute
 */
struct fuzz_request {
	uint8_t		cmd;
	uint8_t		version;
	uint16_t	flags;
	uint16_t	control;
	int		claim;
	unsigned int	trailing;
	unsigned int	nr;
	struct fuzz_attr attr[VMW_FUZZ_ATTRS];
};

/**
 * struct fuzz - what the processes of the fuzzer share, beside struct stress
 * @messages: requests sent, those of files included
 * @rounds: of each kind
 * @errors: what was answered, by errno; 0: no error
 * @left: dumps that nobody read to their end
 * @bytes: answered
 * @limit: messages after which it is over; 0: none
 * @sockets: used by all processes
 * @files: likewise, open files of debugfs
 */
struct fuzz {
	atomic_ulong	messages;
	atomic_ulong	rounds[8];
	atomic_ulong	errors[VMW_FUZZ_ERRNOS];
	atomic_ulong	left;
	atomic_ulong	bytes;
	unsigned long	limit;
	int		sockets[VMW_FUZZ_SHARED];
	int		files[2];
};

extern struct fuzz *vmw_fuzz;

/* Counts an answer; false if it is none that the module or netlink may give. */
bool vmw_fuzz_answer(int error);

/* request.c */
/* One that must be served. */
void vmw_fuzz_valid(struct rng *r, struct fuzz_request *q);
/* Makes it wrong in one place, or does not. */
void vmw_fuzz_mutate(struct rng *r, struct fuzz_request *q);
/* As bytes. */
void vmw_fuzz_encode(struct rng *r, const struct fuzz_request *q, struct vmw_msg *m);
/* A header with noise behind it. */
void vmw_fuzz_noise(struct rng *r, struct vmw_msg *m);
/* Somebody to ask for. */
pid_t vmw_fuzz_pid(struct rng *r);

/* files.c */
void vmw_fuzz_file(struct rng *r);

/* rounds.c */
struct fuzz_round {
	const char	*name;
	void		(*run)(struct rng *r);
	unsigned int	weight;
};

extern const struct fuzz_round vmw_fuzz_rounds[];
extern const unsigned int vmw_fuzz_nr_rounds;

#endif
