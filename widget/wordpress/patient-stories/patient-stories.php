<?php
/**
 * Plugin Name:       Patient Stories
 * Description:       Patients’ stories of your service on your pages: to read and to tell, by a block, a shortcode or a pasted address. They are kept by the Tellback service that you name.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The Tellback contributors
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       patient-stories
 *
 * The MIT licence is compatible with the GPL, version 2 or later, under which WordPress itself stands.
 *
 * @package PatientStories
 */

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/stories.php';
require_once __DIR__ . '/includes/block.php';
require_once __DIR__ . '/includes/addresses.php';

add_action( 'admin_init', 'patient_stories_register_settings' );
add_action( 'admin_init', 'patient_stories_suggest_privacy_text' );
add_action( 'admin_menu', 'patient_stories_add_settings_page' );
add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), 'patient_stories_link_settings' );

add_action( 'init', 'patient_stories_register_assets' );
add_action( 'init', 'patient_stories_register_block' );
add_action( 'init', 'patient_stories_know_addresses' );
add_action( 'wp_enqueue_scripts', 'patient_stories_keep_room' );
add_filter( 'script_loader_tag', 'patient_stories_load_async', 10, 2 );
add_shortcode( 'patient-stories', 'patient_stories_shortcode' );
add_filter( 'embed_oembed_html', 'patient_stories_let_frame_grow', 10, 2 );
