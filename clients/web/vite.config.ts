import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Everything is served from the daemon's own address: no request leaves the
// host, so no public base, no CDN, and the map's worker is bundled as a file.
export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'es2020',
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      output: {
        // The parts that change least keep their names, and so stay cached.
        manualChunks: {
          map: ['maplibre-gl/dist/maplibre-gl-csp'],
          toolkit: ['vue', 'vue-i18n', 'element-plus'],
        },
      },
    },
  },
  server: { proxy: { '/v1': process.env.SHELTER_URL ?? 'http://127.0.0.1:8020' } },
})
