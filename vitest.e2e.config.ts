import tsconfigPaths from 'vite-tsconfig-paths'
import { defineConfig } from 'vitest/config'

const exclude = ['node_modules/**']
const patience = { testTimeout: 180_000, hookTimeout: 180_000 }

/**
 * Stories in a real browser against a real site, each with its own processes, ports and folder. Two at a time, as a story mostly
 * waits; those that kill processes come after, alone, so that what they measure is their own doing.
 */
export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: [...exclude, 'tests/e2e/*-under-fire.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'under fire',
          include: ['tests/e2e/*-under-fire.test.ts'],
          exclude,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          ...patience,
        },
      },
    ],
  },
})
