import type { Role } from '@/db/schema/platform/identity'

export type Desk = 'agency' | 'bidder' | 'expert' | 'supervisor' | 'custodian' | 'clerk' | 'citizen' | 'admin'

const deskOfRole: Record<Role, Desk> = {
  tenderer: 'agency',
  agency: 'agency',
  bidder: 'bidder',
  expert: 'expert',
  supervisor: 'supervisor',
  witness: 'supervisor',
  custodian: 'custodian',
  operator: 'admin',
  exchange: 'admin',
  'hall-staff': 'clerk',
  citizen: 'citizen',
}

/** Where a role works. */
export const deskOf = (role: Role): Desk => deskOfRole[role]

/** Browsers drop tabs and newlines and read \\ as /, so neither may stand in an address that leads on. */
const isInside = (path: string) => /^\/(?!\/)[^\\\x00-\x20]*$/.test(path)

/** Every address of a page, in one place. */
export const paths = {
  home: '/',
  notice: (id: string) => `/notices/${id}`,
  publicLot: (id: string) => `/lots/${id}`,
  feed: '/feed.atom',
  bidderLot: (id: string) => `/bidder/lots/${id}`,
  bidderTask: (id: string, task: 'submission' | 'withdrawal' | 'confirmation') => `/bidder/lots/${id}/${task}`,
  bidderReceipt: (id: string, seq: number) => `/bidder/lots/${id}/receipts/${seq}`,
  bidderReceiptPaper: (id: string, seq: number) => `/api/v1/lots/${id}/my-bid/receipt.pdf?seq=${seq}`,
  custodianLot: (id: string) => `/custodian/lots/${id}`,
  custodianTask: (id: string, task: 'key' | 'cosignature') => `/custodian/lots/${id}/${task}`,
  openingHall: (id: string) => `/lots/${id}/opening`,
  openingScreen: (id: string) => `/lots/${id}/screen`,
  paper: (id: string) => `/api/v1/papers/${id}/file`,
  file: (id: string) => `/api/v1/files/${id}`,
  projects: '/agency/projects',
  newProject: '/agency/projects/new',
  project: (id: string) => `/agency/projects/${id}`,
  newLot: (projectId: string) => `/agency/projects/${projectId}/lots/new`,
  agencyLot: (id: string) => `/agency/lots/${id}`,
  agencyLotTask: (id: string, task: string) => `/agency/lots/${id}/${task}`,
  publicDraw: (id: string) => `/draws/${id}`,
  drawScreen: (id: string) => `/draws/${id}/screen`,
  agencyVoidDraw: (id: string) => `/agency/draws/${id}/void`,
  agencyDrawNames: (id: string) => `/agency/draws/${id}/names`,
  supervisorDrawNames: (id: string) => `/supervisor/draws/${id}/names`,
  supervisorDraws: '/supervisor/draws',
  supervisorDraw: (id: string) => `/supervisor/draws/${id}`,
  supervisorDrawPart: (id: string, part: 'approval' | 'void') => `/supervisor/draws/${id}/${part}`,
  supervisorExperts: '/supervisor/experts',
  supervisorExpert: (code: string) => `/supervisor/experts/${code}`,
  expertLots: '/expert/lots',
  expertArrival: (lotId: string) => `/expert/lots/${lotId}/arrival`,
  expertDeclaration: (lotId: string) => `/expert/lots/${lotId}/declaration`,
  expertEvaluation: (lotId: string) => `/expert/lots/${lotId}/evaluation`,
  expertSheet: (lotId: string, bidId: string) => `/expert/lots/${lotId}/sheets/${bidId}`,
  expertLotTask: (lotId: string, task: 'submission' | 'signature') => `/expert/lots/${lotId}/${task}`,
  bidFile: (id: string) => `/api/v1/bid-files/${id}`,
  supervisorLots: '/supervisor/lots',
  supervisorLot: (lotId: string) => `/supervisor/lots/${lotId}`,
  supervisorArchive: (lotId: string) => `/supervisor/lots/${lotId}/archive`,
  timeline: (lotId: string) => `/api/v1/lots/${lotId}/timeline`,
  archive: (lotId: string) => `/api/v1/lots/${lotId}/archive.zip`,
  signIn: (next?: string) => (next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'),
  register: '/register',
  account: '/account',
  members: '/account/members',
  tokens: '/account/tokens',
  certificates: '/account/certificates',
  revokeCertificate: (fingerprint: string) => `/account/certificates/${fingerprint}/revocation`,
  endMember: (membershipId: string) => `/account/members/${membershipId}/end`,
  memberships: (next?: string) => (next ? `/account/memberships?next=${encodeURIComponent(next)}` : '/account/memberships'),
  desk: (role: Role) => `/${deskOf(role)}`,
  hall: '/hall',
  hallItem: (itemId: string) => `/hall/items/${itemId}`,
  hallApplication: (itemId: string) => `/hall/items/${itemId}/application`,
  hallCases: '/hall/cases',
  hallCase: (caseId: string) => `/hall/cases/${caseId}`,
  hallCasePart: (caseId: string, part: 'supplement' | 'withdrawal' | 'rating' | 'complaint') => `/hall/cases/${caseId}/${part}`,
  hallPaper: (caseId: string, stepId: string) => `/hall/cases/${caseId}/papers/${stepId}`,
  clerk: '/clerk',
  clerkCase: (caseId: string) => `/clerk/cases/${caseId}`,
  clerkCasePart: (caseId: string, part: 'acceptance' | 'decision') => `/clerk/cases/${caseId}/${part}`,
  clerkComplaints: '/clerk/complaints',
  clerkComplaint: (complaintId: string) => `/clerk/complaints/${complaintId}`,
  clerkComplaintExtension: (complaintId: string) => `/clerk/complaints/${complaintId}/extension`,
  demoKey: (login: string) => `/api/v1/sandbox/demo-keys/${login}.p12`,
}

/** The page to go on to after signing in: only ever one of ours, else the desk of the role. */
export const onwardPath = (next: string | undefined, role: Role): string => (next && isInside(next) ? next : paths.desk(role))
