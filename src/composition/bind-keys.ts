import { readFileSync } from 'node:fs';

import { type AllowanceStore, createAllowanceStore } from '../accounts/allowance-store.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import { changeOverlap } from '../key-rotation/change-overlap.ts';
import { describeKey } from '../keys/describe-key.ts';
import { findKeyForOwner } from '../leaked-keys/find-key-for-owner.ts';
import { issueKey } from '../keys/issue-key.ts';
import { type KeyPepperStore, createKeyPepperStore } from '../keys/key-pepper-store.ts';
import { type KeyRestrictionStore, createKeyRestrictionStore } from '../key-restrictions/key-restriction-store.ts';
import { type KeyRevocationStore, createKeyRevocationStore } from '../key-revocation/key-revocation-store.ts';
import { type KeyRotationStore, createKeyRotationStore } from '../key-rotation/key-rotation-store.ts';
import { type KeyStore, createKeyStore } from '../keys/key-store.ts';
import { type KeySuspensionStore, createKeySuspensionStore } from '../key-revocation/key-suspension-store.ts';
import type { LeakedKeyAction } from '../leaked-keys/leaked-key.ts';
import { type LeakedKeyStore, createLeakedKeyStore } from '../leaked-keys/leaked-key-store.ts';
import { type Peppers, toPeppers } from '../keys/pepper.ts';
import { readKeyHistory } from '../keys/read-key-history.ts';
import { readPepperStanding } from '../keys/read-pepper-standing.ts';
import { renameKey } from '../keys/rename-key.ts';
import { restrictKey } from '../key-restrictions/restrict-key.ts';
import {
  type RestrictionChoiceStore,
  createRestrictionChoiceStore,
} from '../key-restrictions/restriction-choice-store.ts';
import { resumeKey } from '../key-revocation/resume-key.ts';
import { revokeApplicationKeys } from '../key-revocation/revoke-application-keys.ts';
import { revokeKey } from '../key-revocation/revoke-key.ts';
import { revokeTeamKeys } from '../key-revocation/revoke-team-keys.ts';
import { rotateKey } from '../key-rotation/rotate-key.ts';
import { scheduleRotation } from '../key-rotation/schedule-rotation.ts';
import { type ScannerKeys, parseScannerKeys } from '../leaked-keys/secret-scanning.ts';
import { suspendKey } from '../keys/suspend-key.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import type { ApplicationParts } from './bind-applications.ts';
import type { BoundUsage } from './bind-usage.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

export interface KeyParts extends ApplicationParts {
  plans: PlanStore;
  keys: KeyStore;
  rotations: KeyRotationStore;
  restrictions: KeyRestrictionStore;
  restrictionChoices: RestrictionChoiceStore;
  revocations: KeyRevocationStore;
  suspensions: KeySuspensionStore;
  leaks: LeakedKeyStore;
  allowances: AllowanceStore;
  leakedKeyAction: LeakedKeyAction;
  scannerKeys: ScannerKeys;
  peppers: Peppers;
  keyPeppers: KeyPepperStore;
  prefix: string;
}

/** @throws with one clear line when SECRET_SCANNING_KEYS_FILE cannot be used */
export function createKeyParts(
  { config, databases: { portal } }: Foundation,
  applications: ApplicationParts,
  plans: PlanStore,
): KeyParts {
  return {
    ...applications,
    plans,
    keys: createKeyStore(portal),
    restrictions: createKeyRestrictionStore(portal),
    restrictionChoices: createRestrictionChoiceStore(portal),
    rotations: createKeyRotationStore(portal),
    revocations: createKeyRevocationStore(portal),
    suspensions: createKeySuspensionStore(portal),
    leaks: createLeakedKeyStore(portal),
    allowances: createAllowanceStore(portal),
    leakedKeyAction: config.leakedKeyAction,
    scannerKeys: config.secretScanningKeysFile === null ? new Map() : readScannerKeys(config.secretScanningKeysFile),
    peppers: toPeppers(config),
    keyPeppers: createKeyPepperStore(portal),
    prefix: config.keyPrefix,
  };
}

function readScannerKeys(path: string): ScannerKeys {
  try {
    return parseScannerKeys(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`SECRET_SCANNING_KEYS_FILE ${path}: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

export function bindKeys(
  parts: KeyParts,
  audit: AuditStore,
  usage: BoundUsage,
): Omit<
  Portal['keys'],
  'calendar' | 'confirm' | 'replaceSecret' | 'resumeDormant' | 'reportLeaked' | 'answerSecretScan'
> {
  const { keys, applications, plans } = parts;
  return {
    list: (actor, applicationId) => keys.list(actor.teamIds, applicationId),
    find: (actor, applicationId, keyId) => keys.find(actor.teamIds, applicationId, keyId),
    issue: (actor, applicationId, request) => issueKey(parts, actor, { ...request, applicationId }),
    rename: (actor, applicationId, keyId, name) => renameKey(parts, actor, { applicationId, keyId, name }),
    restrict: (actor, applicationId, keyId, change) => restrictKey(parts, actor, { applicationId, keyId, change }),
    async restrictionChoices(actor, applicationId) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application && parts.restrictionChoices.choices(application.id);
    },
    revoke: (actor, applicationId, keyId, reason) => revokeKey(parts, actor, { applicationId, keyId, reason }),
    async rules(actor, applicationId) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application && plans.keyRules(application.id);
    },
    rotate: (actor, applicationId, keyId, request) => rotateKey(parts, actor, { ...request, applicationId, keyId }),
    changeOverlap: (actor, applicationId, keyId, overlapMs) =>
      changeOverlap(parts, actor, { applicationId, keyId, overlapMs }),
    schedule: (actor, applicationId, keyId, rotationIntervalDays) =>
      scheduleRotation(parts, actor, { applicationId, keyId, rotationIntervalDays }),
    revokeAllOfApplication: (actor, applicationId, reason) =>
      revokeApplicationKeys(parts, actor, { applicationId, reason }),
    revokeAllOfTeam: (actor, teamId, reason) => revokeTeamKeys(parts, actor, { teamId, reason }),
    async findForOwner(actor, keyId) {
      const found = await findKeyForOwner({ keys, audit }, actor, keyId);
      return found && { ...found, last: await usage.lastCall(found.key) };
    },
    underPeppers: (actor) => readPepperStanding(parts, actor),
    suspend: (actor, keyId, message) => suspendKey(parts, actor, { keyId, message }),
    resume: (actor, keyId, message) => resumeKey(parts, actor, { keyId, message }),
    history: (actor, applicationId, keyId) => readKeyHistory({ keys, audit }, actor, { applicationId, keyId }),
    activity: (actor, applicationId) => usage.activity(actor, applicationId),
    async describe(token) {
      const found = await describeKey(parts, token);
      return found && { ...found, usage: await usage.ofApplication(found.application, 1) };
    },
  };
}
