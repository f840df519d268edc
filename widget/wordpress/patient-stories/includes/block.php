<?php
/**
 * The block. The server draws it; in the editor it shows the service's own frame, so that no script of the service
 * runs among the screens where a website is written.
 *
 * @package PatientStories
 */

defined( 'ABSPATH' ) || exit;

/**
 * Registers the block and tells its editor where the service is.
 */
function patient_stories_register_block(): void {
	$block = register_block_type(
		dirname( __DIR__ ) . '/block',
		array( 'render_callback' => 'patient_stories_render_block' )
	);
	if ( ! $block || ! is_admin() ) {
		return;
	}
	$known = array(
		'address'  => patient_stories_address(),
		'settings' => current_user_can( 'manage_options' ) ? admin_url( 'options-general.php?page=patient-stories' ) : '',
	);
	$editor = generate_block_asset_handle( 'tellback/patient-stories', 'editorScript' );
	wp_add_inline_script( $editor, 'window.patientStories = ' . wp_json_encode( $known ) . ';', 'before' );
	wp_set_script_translations( $editor, 'patient-stories' );
}

/**
 * The block on a page.
 *
 * @param array $attributes As block.json names them.
 */
function patient_stories_render_block( array $attributes ): string {
	$given = array();
	foreach ( PATIENT_STORIES_ATTRIBUTES as $name ) {
		$given[ $name ] = 'heading-level' === $name ? $attributes['headingLevel'] ?? '' : $attributes[ $name ] ?? '';
	}
	$tag = patient_stories_tag( $given );
	return $tag ? sprintf( '<div %s>%s</div>', get_block_wrapper_attributes(), $tag ) : '';
}
