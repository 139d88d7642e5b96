import { basename } from 'node:path'
import tsconfigPaths from 'vite-tsconfig-paths'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Stories by how long they take, the longest first, so that none is left running alone at the end. Others come after these. */
const longest = [
  'opening-hall',
  'evaluation',
  'twin-hand-in',
  'live-demo',
  'own-keys',
  'opening-under-fire',
  'project-to-portal',
  'expert-library',
  'expert-draw',
  'draw-under-fire',
  'interrupted-bid',
]

const rank = ({ moduleId }: TestSpecification) => {
  const at = longest.indexOf(basename(moduleId, '.test.ts'))
  return at < 0 ? longest.length : at
}

/**
 * Stories in a real browser against a real site, each with its own processes, ports and folder: three at a time, for a story mostly
 * waits: for a deadline, for a checkpoint, for the other party.
 */
export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/prepared.ts'],
    maxWorkers: 3,
    sequence: {
      sequencer: class extends BaseSequencer {
        override async sort(files: TestSpecification[]) {
          return files.toSorted((a, b) => rank(a) - rank(b))
        }
      },
    },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
