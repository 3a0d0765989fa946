import 'maplibre-gl/dist/maplibre-gl.css'
import elements from './elements'
import './page.css'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './locales'

createApp(App).use(elements).use(i18n).mount('#app')
