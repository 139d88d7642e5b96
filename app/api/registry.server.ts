import type { AnyEndpoint } from '~/http/api/endpoint.server'
import { archiveEndpoints } from './archive.server'
import { awardEndpoints } from './award.server'
import { bidEndpoints } from './bid.server'
import { certificateEndpoints } from './certificate.server'
import { custodyEndpoints } from './custody.server'
import { drawEndpoints } from './draw.server'
import { eligibilityEndpoints } from './eligibility.server'
import { evaluationEndpoints } from './evaluation.server'
import { expertEndpoints } from './expert.server'
import { expertClearanceEndpoints } from './expert-clearance.server'
import { expertLibraryEndpoints } from './expert-library.server'
import { expertRecordEndpoints } from './expert-record.server'
import { hallEndpoints } from './hall.server'
import { identityEndpoints } from './identity.server'
import { logEndpoints } from './log.server'
import { lotEndpoints } from './lot.server'
import { noticeEndpoints } from './notice.server'
import { openingEndpoints } from './opening.server'
import { openingActEndpoints } from './opening-acts.server'
import { openingTalkEndpoints } from './opening-talk.server'
import { portalEndpoints } from './portal.server'
import { projectEndpoints } from './project.server'
import { queueEndpoints } from './queue.server'
import { sandboxEndpoints } from './sandbox.server'
import { presenceEndpoints } from './sandbox-presence.server'
import { supervisionEndpoints } from './supervision.server'

/** Every endpoint of /api/v1: what is not here does not exist. */
export const endpoints: AnyEndpoint[] = [
  ...identityEndpoints,
  ...certificateEndpoints,
  ...logEndpoints,
  ...projectEndpoints,
  ...lotEndpoints,
  ...eligibilityEndpoints,
  ...noticeEndpoints,
  ...portalEndpoints,
  ...openingEndpoints,
  ...openingActEndpoints,
  ...openingTalkEndpoints,
  ...custodyEndpoints,
  ...bidEndpoints,
  ...queueEndpoints,
  ...sandboxEndpoints,
  ...presenceEndpoints,
  ...hallEndpoints,
  ...drawEndpoints,
  ...expertEndpoints,
  ...expertClearanceEndpoints,
  ...expertLibraryEndpoints,
  ...expertRecordEndpoints,
  ...evaluationEndpoints,
  ...awardEndpoints,
  ...archiveEndpoints,
  ...supervisionEndpoints,
]
