import 'element-plus/dist/index.css'
import 'maplibre-gl/dist/maplibre-gl.css'
import './page.css'
import { createApp } from 'vue'
import ElementPlus from 'element-plus'
import App from './App.vue'
import { i18n } from './locales'

createApp(App).use(ElementPlus).use(i18n).mount('#app')
