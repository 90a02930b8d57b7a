# SPDX-License-Identifier: GPL-2.0
# The Debian packages: vmwalk, the client, and vmwalk-dkms, the module.

deb: deps ## build/deb/*.deb: vmwalk, and vmwalk-dkms
	@$(LAB)/deps.sh debhelper dh-dkms lintian
	@$(LAB)/deb.sh $(BUILD)/deb

check-deb: deb ## install them in a clean Debian and load in the VM what DKMS built
	@$(LAB)/deps.sh mmdebstrap
	@$(MAKE) .lab-built
	@$(LAB)/check-deb.sh $(BUILD) 6.1 6.12 | \
		tee $(BUILD)/check-deb.log | awk -f $(LAB)/tally.awk

.PHONY: deb check-deb
