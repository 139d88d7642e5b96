-- A CRL past its nextUpdate says nothing sure (RFC 5280 §6.3: UNDETERMINED). No text sets how long it may be gone on with: three days outlast
-- a weekend at a CA, and a whole lot's bidders are not shut out because one file came late. docs/decisions/035 gives the reasons.
INSERT INTO "revocation_rule" ("version", "grace_hours", "source", "in_force_from")
VALUES (1, 72, '平台规则（RFC 5280 §6.3 未作规定）：覆盖签发机构一个周末', '2020-01-01T00:00:00Z');
