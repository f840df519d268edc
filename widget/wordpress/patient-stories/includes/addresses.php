<?php
/**
 * Addresses of the service's pages, pasted on a line of their own: WordPress shows what the service's oEmbed answers.
 *
 * @package PatientStories
 */

defined( 'ABSPATH' ) || exit;

/**
 * Makes WordPress trust the service's oEmbed: without this it would find it too, but shut the frame in a sandbox, where
 * it grows to 1,000 pixels at most and no link leads out.
 */
function patient_stories_know_addresses(): void {
	$address = patient_stories_address();
	if ( ! $address ) {
		return;
	}
	foreach ( array( 'services', 'topics', 'stories' ) as $kind ) {
		wp_oembed_add_provider( "$address/$kind/*", "$address/oembed" );
	}
}

/**
 * Brings the script that lets the frame grow, and says in the frame's address which website it is on.
 *
 * @param string|false $html What stands in place of the address.
 * @param string       $url  The address.
 * @return string|false
 */
function patient_stories_let_frame_grow( $html, $url ) {
	$address = patient_stories_address();
	if ( ! $address || ! is_string( $html ) || 0 !== strpos( (string) $url, "$address/" ) ) {
		return $html;
	}
	wp_enqueue_script( 'patient-stories' );
	$key = patient_stories_site_key();
	return $key ? str_replace( '/embed?', '/embed?site-key=' . rawurlencode( $key ) . '&amp;', $html ) : $html;
}
